"""Bans are a state of their own; those of release 0.1 were suspensions that end in the year 9000."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import User
from moderation.actions import member_acts, restrictions, spam, undo
from moderation.models import EntryWords, Suspension, Verb
from tests.factories import make_user
from tests.forum.factories import make_subforum
from tests.moderation.factories import WHY, make_admin, make_member_of, make_moderator

pytestmark = pytest.mark.django_db

FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)


def fresh(member):
    return User.objects.get(pk=member.pk)


def as_release_0_1_left_it(entry, **before):
    """The row of the member and the words of the entry, as a ban was written then."""
    words_may_change()
    User.objects.filter(pk=entry.member_id).update(suspended_until=FOR_EVER, banned_at=None)
    words = EntryWords.objects.get(entry=entry)
    words.before.pop("banned_at")
    words.before |= before
    words.after = {"suspended_until": "9000-01-01T00:00:00+00:00"}
    words.save()


def words_may_change():
    """The database refuses it since; gone with the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER words_only_go ON moderation_entrywords")


def migrate():
    import_module("moderation.migrations.0024_fill_banned_at").fill(apps, None)


def test_a_ban_has_no_end():
    member = make_user(trust=1)

    member_acts.ban(make_admin(), member, WHY)

    assert fresh(member).suspended_until is None
    assert fresh(member).is_suspended


def test_a_suspension_in_place_of_a_ban_ends():
    admin, member = make_admin(), make_user()
    member_acts.ban(admin, member, WHY)

    member_acts.suspend(admin, fresh(member), timezone.now() + timedelta(days=3), WHY)

    assert (fresh(member).is_banned, fresh(member).is_suspended) == (False, True)


def test_a_moderator_does_not_lift_a_ban():
    member, moderator = make_user(), make_moderator()
    member_acts.ban(make_admin(), member, WHY)

    with pytest.raises(member_acts.NotAllowed):
        member_acts.unban(moderator, fresh(member), WHY)


@pytest.mark.parametrize("act", ["suspend", "ban"])
def test_a_moderator_does_not_end_what_an_administrator_gave_by_a_ban_of_their_own(act):
    moderator = make_moderator(make_subforum())
    member = make_member_of(moderator, trust=User.Trust.NEW)
    if act == "ban":
        member_acts.ban(make_admin(), member, WHY)
        spam.clean_spam(moderator, fresh(member), WHY)
    else:
        member_acts.suspend(make_admin(), member, timezone.now() + timedelta(days=90), WHY)
        member_acts.ban(moderator, fresh(member), WHY)

    with pytest.raises(member_acts.NotAllowed):
        member_acts.unban(moderator, fresh(member), WHY)
    with pytest.raises(member_acts.NotAllowed):
        member_acts.lift(moderator, fresh(member), WHY)

    assert fresh(member).is_banned


def test_what_an_operator_entered_was_not_given_by_an_older_entry():
    moderator = make_moderator(make_subforum())
    member = make_member_of(moderator)
    member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), WHY)
    User.objects.filter(pk=member.pk).update(suspended_until=timezone.now() + timedelta(days=20))

    assert restrictions.given_to(fresh(member)) is None
    with pytest.raises(member_acts.NotAllowed):
        member_acts.lift(moderator, fresh(member), WHY)


def test_warnings_do_not_end_a_ban(settings):
    settings.WARNINGS_SUSPEND = [(1, 3)]
    admin, member = make_admin(), make_user()
    member_acts.ban(admin, member, WHY)

    member_acts.warn(admin, fresh(member), WHY, points=2)

    assert fresh(member).is_banned


def test_an_old_ban_is_one_while_processes_of_both_releases_run():
    entry = member_acts.ban(make_admin(), make_user(), WHY)
    as_release_0_1_left_it(entry)

    migrate()
    migrate()

    member = fresh(entry.member)
    assert member.banned_at == Suspension.objects.get().begins_at
    assert member.suspended_until == FOR_EVER  # all that a process of the older release looks at


def test_a_suspension_is_not_taken_for_an_old_ban():
    member = make_user(suspended_until=timezone.now() + timedelta(days=365))

    migrate()

    assert not fresh(member).is_banned


def test_at_night_the_end_of_old_bans_goes():
    before = FOR_EVER - timedelta(seconds=1)
    banned, suspended = make_user(suspended_until=FOR_EVER), make_user(suspended_until=before)

    assert restrictions.convert_old_bans() == 1
    assert restrictions.convert_old_bans() == 0

    assert (fresh(banned).is_banned, fresh(banned).suspended_until) == (True, None)
    assert fresh(suspended).suspended_until == suspended.suspended_until


@pytest.mark.parametrize("at_night", [lambda: None, restrictions.convert_old_bans])
@pytest.mark.parametrize("act", [member_acts.ban, spam.clean_spam])
def test_a_ban_of_release_0_1_is_taken_back(act, at_night):
    admin, member = make_admin(), make_user()
    entry = act(admin, member, WHY)
    as_release_0_1_left_it(entry)
    migrate()
    at_night()

    undo.undo(admin, entry)

    assert (fresh(member).is_suspended, fresh(member).suspended_until) == (False, None)


def test_what_lifted_a_ban_of_release_0_1_is_taken_back():
    admin, member = make_admin(), make_user()
    member_acts.ban(admin, member, WHY)
    lifting = member_acts.unban(admin, fresh(member), WHY)
    words_may_change()
    words = EntryWords.objects.get(entry=lifting)
    words.before = {"suspended_until": "9000-01-01T00:00:00+00:00", "suspensions": words.before["suspensions"]}
    words.after = {"suspended_until": None}
    words.save()

    undo.undo(admin, lifting)

    assert fresh(member).banned_at == Suspension.objects.standing().get().begins_at
    assert fresh(member).suspended_until is None


def test_an_old_ban_that_was_lifted_since_is_not_taken_back_again():
    admin, member = make_admin(), make_user()
    entry = member_acts.ban(admin, member, WHY)
    as_release_0_1_left_it(entry)
    migrate()
    assert member_acts.unban(admin, fresh(member), WHY).verb == Verb.UNBAN

    with pytest.raises(undo.CannotBeDone):
        undo.undo(admin, entry)
