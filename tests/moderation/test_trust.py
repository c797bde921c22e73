"""Trust is earned by reading and writing without incident; docs/trust.md tells the same as the table."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.trust_levels import EARNED, FIRST_POSTS, TABLE, Trust, allowed
from config.worker import nightly
from forum.models import Reading
from moderation.actions import member_acts, post_acts
from moderation.filters.trust import promote_all
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "trust.md").read_text()


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def make_deserving(of, **fields):
    """Somebody who has just earned this trust."""
    wanted = EARNED[of]
    right = {
        "trust": of - 1,
        "joined_at": days_ago(wanted.days),
        "posts_count": wanted.posts,
        "reactions_received": wanted.thanks,
    }
    topics_read = fields.pop("topics_read", wanted.topics_read)
    member = make_user(**(right | fields))
    Reading.objects.bulk_create(Reading(user=member, topic=make_topic(), number=1) for _ in range(topics_read))
    return member


def trust_of(member):
    return User.objects.get(pk=member.pk).trust


@pytest.fixture
def easy(monkeypatch):
    """The same steps with fewer topics, so that the tests are quick."""
    for trust in EARNED:
        monkeypatch.setitem(EARNED, trust, EARNED[trust]._replace(topics_read=2))


@pytest.mark.django_db
@pytest.mark.parametrize("trust", EARNED)
def test_what_is_earned_is_given_in_the_night(easy, trust):
    member = make_deserving(trust)

    assert promote_all() == 1

    assert trust_of(member) == trust
    assert promote_all() == 0
    assert promote_all in nightly.CHORES


@pytest.mark.django_db
@pytest.mark.parametrize("trust", EARNED)
@pytest.mark.parametrize(
    "lacking",
    [
        {"joined_at": days_ago(2)},
        {"posts_count": 4},
        {"topics_read": 1},
        {"is_active": False},
        {"email_confirmed_at": None},
        {"suspended_until": days_ago(1)},
    ],
    ids=lambda lacking: next(iter(lacking)),
)
def test_whoever_lacks_anything_waits(easy, trust, lacking):
    member = make_deserving(trust, **lacking)

    promote_all()

    assert trust_of(member) == trust - 1


@pytest.mark.django_db
def test_thanks_are_needed_to_be_trusted(easy):
    member = make_deserving(Trust.TRUSTED, reactions_received=EARNED[Trust.TRUSTED].thanks - 1)

    promote_all()

    assert trust_of(member) == Trust.MEMBER


@pytest.mark.django_db
def test_nobody_climbs_two_steps_in_one_night(easy):
    member = make_deserving(Trust.TRUSTED, trust=Trust.NEW)

    promote_all()
    assert trust_of(member) == Trust.MEMBER

    promote_all()
    assert trust_of(member) == Trust.TRUSTED


@pytest.mark.django_db
def test_nobody_rises_while_a_warning_counts(easy):
    member = make_deserving(Trust.MEMBER)
    member_acts.warn(make_admin(), member, WHY)
    promote_all()
    assert trust_of(member) == Trust.NEW

    member.warnings.update(at=days_ago(200), expires_at=days_ago(1))
    promote_all()

    assert trust_of(member) == Trust.MEMBER


@pytest.mark.django_db
def test_an_upheld_flag_is_an_incident_for_a_while(easy):
    member = make_deserving(Trust.MEMBER)
    post = make_post(author=member)
    flag = make_flag(post)
    post_acts.hide(make_moderator(post.topic.subforum), post, WHY)
    User.objects.filter(pk=member.pk).update(posts_count=EARNED[Trust.MEMBER].posts)
    promote_all()
    assert trust_of(member) == Trust.NEW

    type(flag).objects.update(closed_at=days_ago(31))
    promote_all()

    assert trust_of(member) == Trust.MEMBER


def test_administrators_may_what_the_trusted_may():
    assert allowed(User(is_staff=True)) == TABLE[Trust.TRUSTED]


def test_the_document_tells_what_the_table_says(settings):
    rows = {
        cells[1].strip(): cells[2:5] for cells in (line.split("|") for line in DOCUMENT.splitlines()) if len(cells) > 5
    }
    cells = {name: [cell.strip() for cell in found] for name, found in rows.items()}
    new, member, trusted = (TABLE[trust] for trust in Trust)

    links = cells["Links and pictures in one post, before it waits for a moderator"]
    assert links == [f"{new.links}, and none in the first {FIRST_POSTS} posts", str(member.links), "any"]
    assert trusted.links is None
    assert cells["Changing a post"] == ["for 1 day", f"for {member.edit_window.days} days", "always"]
    assert (new.edit_window.days, trusted.edit_window) == (1, None)
    weights = cells["Weight of a flag"]
    assert [float(weight) for weight in weights] == [new.flag_weight, member.flag_weight, trusted.flag_weight]
    limits = [settings.RATE_LIMITS[each.flag_limit] for each in (new, member, trusted)]
    written = cells["Flags in a day (`RATE_LIMIT_FLAG_…`, [settings.md](settings.md))"]
    assert [f"{times}/1d" for times in written] == limits
    assert cells["Links on the profile and under posts"] == ["no", "yes", "yes"]
    assert [new.can_show_links, member.can_show_links, trusted.can_show_links] == [False, True, True]


@pytest.mark.parametrize("trust", EARNED)
def test_the_document_tells_what_it_takes(trust):
    found = re.search(rf"^\| {trust.label} \|(.*)\|$", DOCUMENT, re.MULTILINE)[1]
    numbers = [int(re.search("[0-9]+", cell)[0]) if re.search("[0-9]", cell) else 0 for cell in found.split("|")]
    wanted = EARNED[trust]

    assert numbers == [wanted.days, wanted.posts, wanted.topics_read, wanted.thanks, wanted.without_incident.days]
