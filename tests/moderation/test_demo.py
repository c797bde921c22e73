"""The demo's moderator finds something to do, and something done."""

import pytest
from django.core.management import call_command

from accounts.models import User
from forum.models import Topic
from forum.recounting import recount
from moderation.actions import queue
from moderation.models import Flag, ModerationEntry, QueueItem, StaffNote, WatchedWord

pytestmark = pytest.mark.django_db


def test_something_waits_and_something_was_done(settings, client):
    settings.DEMO = True
    call_command("seed")
    kettle = User.objects.get(username="kettle")

    assert queue.waiting(kettle) == QueueItem.objects.open().count() == 6
    assert set(Flag.objects.values_list("reason", flat=True)) == {"duplicate", "outdated", "rules", "dangerous"}
    entry = ModerationEntry.objects.get()
    assert (entry.verb, entry.by, entry.words.rule_text[:8]) == ("mark-duplicate", kettle, "Look for")
    assert Topic.objects.exclude(duplicate_of=None).count() == 1
    assert (WatchedWord.objects.count(), StaffNote.objects.count()) == (2, 1)
    assert recount(mend=False) == []
    client.force_login(kettle)
    assert "The e-visa has ended most of this." in client.get("/moderation/").text
