"""The demo: what a newcomer finds, and where it is refused."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from accounts.models import ExpertBadge, User
from crossings.links import about_columns
from crossings.models import Crossing, CrossingReport, CrossingTopic
from crossings.status.update import today
from forum.counters.recount import recount
from forum.models import Answer, Post, Subforum, Topic
from moderation.actions import claims
from moderation.models import Flag, ModerationEntry, QueueItem, StaffNote, WatchedWord
from notifications.models import Watch
from tests.forum.factories import make_subforum
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        with override_settings(DEMO=True):
            call_command("seed")
        yield


def test_the_demo_is_refused_outside_of_a_demo():
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed")


def test_the_demo_is_not_planted_into_a_forum_with_subforums_of_its_own(demo):
    make_subforum()

    with pytest.raises(CommandError, match="empty one"):
        call_command("seed")


def test_the_demo_is_all_there_and_its_counters_are_exact(client, demo, planted):
    assert (User.objects.count(), Topic.objects.count(), Post.objects.count()) == (30, 185, 452)
    assert Subforum.objects.count() == 13
    assert ExpertBadge.objects.count() == 5
    assert recount(mend=False) == []
    assert Topic.objects.answered().count() > Answer.objects.count() > 15
    assert list(about_columns.drifts()) == []
    assert Topic.objects.without_reply().filter(opened_at__gt=timezone.now() - timedelta(days=30)).exists()
    newest = Post.objects.latest("written_at").written_at
    assert timedelta(0) < timezone.now() - newest < timedelta(days=5)
    index = client.get("/").text
    assert "fiction" in index
    assert "borderpost-demo" in client.get("/account/login/").text


def test_the_demo_has_crossings_with_fresh_contradicted_turned_back_and_expired_evidence(planted):
    crossings = Crossing.objects.with_status(today())
    by_reports = crossings.filter(shown_source="reports")
    # 49 topics of the corpus begin with a report, and the running topics of 49 crossings.
    assert CrossingReport.objects.filter(post__number=1).count() == 49 + 49
    assert Topic.objects.filter(is_running=True).count() == 49
    assert by_reports.count() >= 40
    by_status = Counter(crossing.shown_status for crossing in by_reports)
    assert by_status["disputed"] >= 3
    assert min(by_status[status] for status in ("open", "limited", "closed")) >= 5
    assert crossings.filter(shown_status="stale").exists()
    shown = {crossing.shown_status for crossing in by_reports}
    assert shown == {"open", "limited", "closed", "disputed"}
    assert crossings.filter(reports_count__gt=1, reported_status="").count() >= 2
    assert CrossingTopic.objects.standing().count() > 100


def test_every_address_that_spammers_wrote_from_the_demo_is_hidden(client, planted):
    hidden = Topic.objects.exclude(hidden_at=None)

    assert hidden.count() == 3
    assert {client.get(topic.get_absolute_url()).status_code for topic in hidden} == {404}


def test_the_demos_moderator_finds_something_to_do_and_something_done(client, planted):
    kettle = User.objects.get(username="kettle")

    assert claims.waiting(kettle) == QueueItem.objects.open().count() == 6
    assert set(Flag.objects.values_list("reason", flat=True)) == {"duplicate", "outdated", "rules", "dangerous"}
    entry = ModerationEntry.objects.get(topic__isnull=False)
    assert (entry.verb, entry.by, entry.words.rule_text[:8]) == ("mark-duplicate", kettle, "Look for")
    assert Topic.objects.exclude(duplicate_of=None).count() == 1
    assert (WatchedWord.objects.count(), StaffNote.objects.count()) == (2, 1)
    client.force_login(kettle)
    assert "The e-visa has ended most of this." in client.get("/moderation/").text


def test_the_demos_members_watch_what_they_wrote_in_and_some_of_what_they_chose(client, planted):
    traveller = User.objects.get(username="wobblyspoke")
    client.force_login(traveller)

    page = client.get("/watches/").text

    asked = Topic.objects.filter(author=traveller, is_running=False, hidden_at=None)
    assert asked.count() > 0
    assert Watch.objects.filter(user=traveller, topic__in=asked, is_automatic=True).count() == asked.count()
    assert all(words in page for words in ("Torugart Pass", "You go on", "Kyrgyzstan", "altyn_kay", "Muted"))


def test_planting_the_demo_twice_changes_nothing(demo, planted):
    before = list(Post.objects.values_list("pk", "written_at"))

    call_command("seed")

    assert list(Post.objects.values_list("pk", "written_at")) == before


def test_a_demo_that_the_world_can_reach_does_not_start():
    answer = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={
            "DEMO": "1",
            "ALLOWED_HOSTS": "forum.example",
            "SITE_URL": "https://forum.example",
            "SECRET_KEY": "x" * 50,
            "PATH": "/usr/bin",
        },
    )

    assert answer.returncode == 1
    assert "DEMO=1 is for this machine only" in answer.stderr
