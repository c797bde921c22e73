"""Warnings, suspensions and bans: what they do, who may, and the way back."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from forum.actions.rules import set_rules
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import member_acts, restrictions, spam, undo
from moderation.log import entries
from moderation.log.entries import NoSuchRule, Why
from moderation.models import EntryWords, Flag, ModerationEntry, StaffNote, Suspension, Verb, Warning
from moderation.signals import acted
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_member_of, make_moderator

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def in_days(days):
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def moderator():
    return make_moderator(make_subforum())


@pytest.fixture
def post():
    return make_post()


@pytest.fixture
def its_moderator(post):
    return make_moderator(post.topic.subforum)


# --- Warning ---


def test_a_warning_names_the_rule_as_it_stood(post, its_moderator):
    set_rules(its_moderator, post.topic.subforum, introduction="Look.", rules=["Be kind.", "No advertising."])
    why = Why(rule=2, reason="No shops here, please.", private_note="Third time.")

    entry = member_acts.warn(its_moderator, post.author, why, points=2, post=post)

    set_rules(its_moderator, post.topic.subforum, introduction="Look.", rules=["All is new."])
    assert (entry.verb, entry.rule, entry.rules_version, entry.is_forum_rule) == (Verb.WARN, 2, 1, False)
    assert (entry.by_id, entry.member_id, entry.post_id) == (its_moderator.pk, post.author_id, post.pk)
    words = entry.words
    assert (words.reason, words.private_note, words.rule_text) == (why.reason, why.private_note, "No advertising.")
    warning = Warning.objects.get()
    assert (warning.points, warning.entry, warning.rule) == (2, entry, 2)
    assert timedelta(days=179) < warning.expires_at - timezone.now() <= timedelta(days=180)


def test_a_rule_that_is_none_is_refused(post, its_moderator):
    with pytest.raises(NoSuchRule):
        member_acts.warn(its_moderator, post.author, Why(rule=3), post=post)

    assert not Warning.objects.exists()


def test_a_rule_of_the_whole_forum_can_be_named(post, its_moderator):
    set_rules(make_admin(), None, introduction="For all.", rules=["Nothing illegal."])

    entry = member_acts.warn(its_moderator, post.author, Why(rule=1, is_forum_rule=True), post=post)

    assert entry.words.rule_text == "Nothing illegal."


def test_about_one_post_a_member_is_warned_once(post, its_moderator):
    member_acts.warn(its_moderator, post.author, WHY, post=post)
    again = member_acts.warn(make_moderator(post.topic.subforum), post.author, WHY, post=post)

    assert again is None
    assert Warning.objects.count() == ModerationEntry.objects.count() == 1


@pytest.mark.parametrize(("points", "is_refused"), [(-1, True), (0, False), (10, False), (11, True)])
def test_a_warning_has_ten_points_at_most(moderator, points, is_refused):
    member = make_member_of(moderator)

    with pytest.raises(CannotBeDone) if is_refused else nullcontext():
        member_acts.warn(moderator, member, WHY, points=points)

    assert Warning.objects.filter(member=member).exists() != is_refused


def test_a_warning_at_large_sent_twice_warns_once(moderator):
    member = make_member_of(moderator)

    member_acts.warn(moderator, member, WHY)

    assert member_acts.warn(moderator, member, WHY) is None
    assert member_acts.warn(moderator, member, Why(reason="Something else.")) is not None


@pytest.mark.parametrize(
    ("minutes", "words", "is_same_moderator", "is_again"),
    [
        (59, "Kinder.", True, True), (61, "Kinder.", True, False), (1, "Much kinder.", True, False),
        (1, "Kinder.", False, False),
    ],
)  # fmt: skip
def test_the_same_words_of_one_moderator_are_a_repetition_for_an_hour(
    moderator, minutes, words, is_same_moderator, is_again
):
    member = make_member_of(moderator)
    member_acts.warn(moderator, member, Why(reason="Kinder."))
    Warning.objects.update(at=timezone.now() - timedelta(minutes=minutes))
    by = moderator if is_same_moderator else make_admin()

    assert (member_acts.warn(by, member, Why(reason=words)) is None) is is_again


def test_points_that_add_up_suspend(moderator, settings):
    settings.WARNINGS_SUSPEND = [(3, 7), (6, 30)]
    member = make_member_of(moderator)

    member_acts.warn(moderator, member, Why(reason="One."), points=2)
    assert fresh(member).can_write

    member_acts.warn(moderator, member, Why(reason="Two."), points=1)
    assert timedelta(days=6) < fresh(member).suspended_until - timezone.now() <= timedelta(days=7)

    member_acts.warn(moderator, member, Why(reason="Three."), points=3)
    assert timedelta(days=29) < fresh(member).suspended_until - timezone.now() <= timedelta(days=30)
    assert Suspension.objects.standing().count() == 1
    assert list(ModerationEntry.objects.values_list("verb", flat=True)) == [
        "warn",
        "warn",
        "suspend",
        "warn",
        "suspend",
    ]


def test_expired_points_count_no_more(moderator):
    member = make_member_of(moderator)
    member_acts.warn(moderator, member, Why(reason="Long ago."), points=2)
    Warning.objects.update(at=in_days(-200), expires_at=in_days(-1))

    member_acts.warn(moderator, member, Why(reason="Now."), points=2)

    assert fresh(member).can_write


@pytest.mark.parametrize(
    ("trust", "points", "left"), [(2, 1, 1), (2, 3, 0), (1, 1, 1), (1, 3, 0), (0, 1, 0), (2, 0, 2)]
)
def test_a_warning_takes_trust_at_once(moderator, trust, points, left):
    member = make_member_of(moderator, trust=trust)

    member_acts.warn(moderator, member, WHY, points=points)

    assert fresh(member).trust == left


def test_what_was_flagged_is_upheld_by_a_warning(post, its_moderator):
    flag = make_flag(post)

    member_acts.warn(its_moderator, post.author, WHY, post=post)

    flag.refresh_from_db()
    flag.item.refresh_from_db()
    assert (flag.outcome, flag.closed_by) == (Flag.Outcome.UPHELD, its_moderator)
    assert flag.item.closed_at is not None


def test_a_warning_taken_back_gives_back_all_it_took(post, its_moderator):
    User.objects.filter(pk=post.author_id).update(trust=2)
    flag = make_flag(post)
    entry = member_acts.warn(its_moderator, post.author, WHY, points=3, post=post)
    assert not fresh(post.author).can_write

    undo.undo(its_moderator, entry)

    author = fresh(post.author)
    assert (author.trust, author.can_write) == (2, True)
    flag.refresh_from_db()
    assert flag.closed_at is None
    assert flag.item.closed_at is None
    assert not Warning.objects.standing(timezone.now()).exists()
    assert ModerationEntry.objects.filter(verb="undo").count() == 2


def test_a_warning_taken_back_leaves_what_other_warnings_took(moderator):
    member = make_member_of(moderator, trust=2)
    first = member_acts.warn(moderator, member, Why(reason="One."))
    member_acts.warn(moderator, member, Why(reason="Two."))

    undo.undo(moderator, first)

    assert fresh(member).trust == 1


# --- Suspending and banning ---


def test_a_suspended_member_may_not_write_until_the_end(moderator):
    member = make_member_of(moderator)

    entry = member_acts.suspend(moderator, member, in_days(3), WHY)

    assert fresh(member).is_suspended
    assert not fresh(member).is_banned
    assert Suspension.objects.get().entry == entry
    User.objects.filter(pk=member.pk).update(suspended_until=in_days(-1))
    assert fresh(member).can_write


def test_what_an_administrator_gave_for_long_is_not_shortened_or_ended_by_a_moderator(moderator):
    member = make_member_of(moderator)
    member_acts.suspend(make_admin(), member, in_days(365), WHY)
    until = fresh(member).suspended_until

    with pytest.raises(NotAllowed):
        member_acts.suspend(moderator, member, in_days(1), WHY)
    with pytest.raises(NotAllowed):
        member_acts.lift(moderator, member, WHY)

    assert fresh(member).suspended_until == until
    assert member_acts.lift(make_admin(), member, WHY)


def test_a_suspension_in_the_past_makes_no_sense(moderator):
    with pytest.raises(CannotBeDone):
        member_acts.suspend(moderator, make_member_of(moderator), in_days(-1), WHY)


@pytest.mark.parametrize(("seconds", "is_refused"), [(0, True), (1, False)])
def test_a_suspension_ends_after_the_moment_at_which_it_is_given(monkeypatch, seconds, is_refused):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)

    with pytest.raises(CannotBeDone) if is_refused else nullcontext():
        member_acts.suspend(make_admin(), make_user(), now + timedelta(seconds=seconds), WHY)


@pytest.mark.parametrize(("seconds", "is_refused"), [(0, True), (1, False)])
def test_no_suspension_is_as_long_as_the_bans_of_an_older_release(seconds, is_refused):
    until = restrictions.END_OF_OLD_BANS - timedelta(seconds=seconds)

    with pytest.raises(CannotBeDone) if is_refused else nullcontext():
        member_acts.suspend(make_admin(), make_user(), until, WHY)


def test_the_same_suspension_again_changes_nothing(moderator):
    member, until = make_member_of(moderator), in_days(3)

    member_acts.suspend(moderator, member, until, WHY)

    assert member_acts.suspend(moderator, member, until, WHY) is None


def test_lifting_ends_a_suspension(moderator):
    member = make_member_of(moderator)
    member_acts.suspend(moderator, member, in_days(3), WHY)

    member_acts.lift(moderator, member, WHY)

    assert fresh(member).can_write
    assert not Suspension.objects.standing().exists()
    assert member_acts.lift(moderator, member, WHY) is None


def test_a_ban_does_not_end_by_itself():
    admin, member = make_admin(), make_user(trust=1)

    member_acts.ban(admin, member, WHY)

    assert fresh(member).is_banned
    assert not fresh(member).can_write
    assert Suspension.objects.get().is_ban
    assert member_acts.ban(admin, member, WHY) is None
    assert member_acts.lift(admin, member, WHY) is None
    assert member_acts.unban(admin, member, WHY).verb == Verb.UNBAN
    assert fresh(member).can_write


def test_a_ban_taken_back_leaves_the_suspension_that_stood_before():
    admin, member, until = make_admin(), make_user(), in_days(3)
    member_acts.suspend(admin, member, until, WHY)
    ban = member_acts.ban(admin, member, WHY)

    undo.undo(admin, ban)

    assert fresh(member).suspended_until == until
    assert [suspension.ends_at for suspension in Suspension.objects.standing()] == [until]


def test_what_was_lifted_stands_again_when_that_is_taken_back(moderator):
    member, until = make_member_of(moderator), in_days(3)
    member_acts.suspend(moderator, member, until, WHY)
    lifting = member_acts.lift(moderator, member, WHY)

    undo.undo(moderator, lifting)

    assert fresh(member).suspended_until == until
    assert Suspension.objects.standing().count() == 1


def test_a_suspension_that_was_changed_since_is_not_undone(moderator):
    member = make_member_of(moderator)
    first = member_acts.suspend(moderator, member, in_days(3), WHY)
    member_acts.suspend(moderator, member, in_days(5), WHY)

    with pytest.raises(CannotBeDone):
        undo.undo(moderator, first)

    assert not undo.is_undone(first)


# --- Power ---


def people():
    """Whoever acts on whom, by name."""
    here, there = make_subforum(), make_subforum()
    moderator = make_moderator(here)
    return {
        "member": make_member_of(moderator, trust=1),
        "newcomer": make_member_of(moderator),
        "moderator": moderator,
        "colleague": make_moderator(there),
        "admin": make_admin(),
        "other admin": make_admin(),
        "suspended moderator": make_moderator(here, suspended_until=in_days(1)),
    }


@pytest.mark.parametrize(
    ("by", "on"),
    [
        ("member", "newcomer"),
        ("suspended moderator", "newcomer"),
        ("moderator", "moderator"),
        ("moderator", "colleague"),
        ("moderator", "admin"),
        ("admin", "other admin"),
        ("admin", "admin"),
    ],
)
@pytest.mark.parametrize(
    "act",
    [
        lambda user, member: member_acts.warn(user, member, WHY),
        lambda user, member: member_acts.suspend(user, member, in_days(1), WHY),
        lambda user, member: member_acts.lift(user, member, WHY),
        lambda user, member: member_acts.ban(user, member, WHY),
        lambda user, member: member_acts.unban(user, member, WHY),
    ],
)
def test_nobody_acts_on_equals_or_superiors(act, by, on):
    everybody = people()

    with pytest.raises(NotAllowed):
        act(everybody[by], everybody[on])

    assert not ModerationEntry.objects.exists()


def test_moderators_suspend_for_a_month_at_most(moderator):
    member = make_member_of(moderator)

    with pytest.raises(NotAllowed):
        member_acts.suspend(moderator, member, in_days(31), WHY)

    assert member_acts.suspend(make_admin(), member, in_days(31), WHY)


def test_moderators_ban_newcomers_only(moderator):
    with pytest.raises(NotAllowed):
        member_acts.ban(moderator, make_member_of(moderator, trust=1), WHY)

    assert member_acts.ban(moderator, make_member_of(moderator), WHY)


def test_a_ban_is_ended_by_administrators(moderator):
    member = make_member_of(moderator)
    member_acts.ban(make_admin(), member, WHY)

    with pytest.raises(NotAllowed):
        member_acts.unban(moderator, member, WHY)
    with pytest.raises(NotAllowed):
        member_acts.suspend(moderator, member, in_days(1), WHY)


def test_nobody_warns_about_a_post_elsewhere(post, moderator):
    with pytest.raises(NotAllowed):
        member_acts.warn(moderator, post.author, WHY, post=post)


def test_nobody_warns_a_member_about_the_post_of_another(post, its_moderator):
    with pytest.raises(NotAllowed):
        member_acts.warn(its_moderator, make_user(), WHY, post=post)


# --- The place where it happened ---


@pytest.mark.parametrize(
    "act",
    [
        lambda user, member: member_acts.warn(user, member, WHY),
        lambda user, member: member_acts.suspend(user, member, in_days(1), WHY),
        lambda user, member: member_acts.ban(user, member, WHY),
        lambda user, member: spam.clean_spam(user, member, WHY),
        lambda user, member: member_acts.add_note(user, member, "Knows the Pamirs."),
    ],
)
def test_moderators_act_on_nobody_who_wrote_only_elsewhere(act, post, moderator):
    with pytest.raises(NotAllowed):
        act(moderator, post.author)

    assert not ModerationEntry.objects.exists()
    assert act(make_admin(), post.author)


def test_an_act_without_a_post_stands_where_the_member_wrote_last(moderator):
    member = make_member_of(moderator)
    other = make_subforum()
    other.moderators.add(moderator)
    make_post(topic=make_topic(subforum=other), author=member)
    make_post(author=member)

    entry = member_acts.warn(moderator, fresh(member), WHY)

    assert entry.subforum == other


def test_a_suspension_is_ended_by_moderators_of_where_it_was_given(post, its_moderator):
    member = post.author
    make_post(author=member, topic=make_topic(subforum=make_subforum()))
    stranger = make_moderator(make_subforum())
    make_post(author=member, topic=make_topic(subforum=stranger.moderated_subforums.get()))
    member_acts.suspend(its_moderator, member, in_days(3), WHY, post=post)

    for act in (lambda: member_acts.lift(stranger, member, WHY), lambda: suspend_briefly(stranger, member)):
        with pytest.raises(NotAllowed):
            act()
    entry = member_acts.lift(make_moderator(post.topic.subforum), member, WHY)

    assert (entry.verb, entry.subforum) == (Verb.LIFT, post.topic.subforum)
    assert not fresh(member).is_suspended


def suspend_briefly(moderator, member):
    return member_acts.suspend(moderator, member, in_days(1), WHY)


def test_what_an_operator_entered_is_ended_by_administrators(moderator):
    member = make_member_of(moderator)
    User.objects.filter(pk=member.pk).update(suspended_until=in_days(1))

    with pytest.raises(NotAllowed):
        member_acts.lift(moderator, member, WHY)
    assert member_acts.lift(make_admin(), member, WHY)


# --- Notes, the log, undoing ---


def test_the_same_note_sent_twice_is_written_once(moderator):
    member = make_member_of(moderator)

    member_acts.add_note(moderator, member, "Knows the Pamirs well.")
    member_acts.add_note(moderator, member, "Knows the Pamirs well.")

    assert StaffNote.objects.get().text == "Knows the Pamirs well."


def test_no_moderator_notes_anything_about_another(moderator):
    with pytest.raises(NotAllowed):
        member_acts.add_note(moderator, make_moderator(make_subforum()), "A rival.")


def test_an_act_is_undone_once(moderator):
    entry = member_acts.suspend(moderator, make_member_of(moderator), in_days(3), WHY)

    undone = undo.undo(moderator, entry)

    assert undone.undoes == entry
    assert undo.undo(moderator, entry) is None
    assert undo.undo(make_admin(), entry) is None


def test_only_whoever_did_it_and_administrators_undo_it(moderator):
    entry = member_acts.suspend(moderator, make_member_of(moderator), in_days(3), WHY)

    with pytest.raises(NotAllowed):
        undo.undo(make_moderator(make_subforum()), entry)

    assert undo.undo(make_admin(), entry)


def test_who_is_a_moderator_no_longer_undoes_nothing(moderator):
    entry = member_acts.suspend(moderator, make_member_of(moderator), in_days(3), WHY)
    moderator.moderated_subforums.clear()

    with pytest.raises(NotAllowed):
        undo.undo(fresh(moderator), entry)


def test_an_undoing_cannot_be_undone(moderator):
    undone = undo.undo(moderator, member_acts.suspend(moderator, make_member_of(moderator), in_days(3), WHY))

    with pytest.raises(CannotBeDone):
        undo.undo(moderator, undone)


def test_erased_words_cannot_be_undone(moderator):
    entry = member_acts.suspend(moderator, make_member_of(moderator), in_days(3), WHY)
    with pytest.raises(NotAllowed):
        entries.erase_words(moderator, entry)

    entries.erase_words(make_admin(), entry)

    words = EntryWords.objects.get(entry=entry)
    assert (words.reason, words.before, words.after) == ("", {}, {})
    with pytest.raises(CannotBeDone):
        undo.undo(moderator, entry)


def test_the_apps_to_the_right_are_told_with_the_words(moderator):
    told = []
    listen = lambda entry, **kwargs: told.append((entry.verb, entry.words.reason))  # noqa: E731
    acted.connect(listen)
    try:
        entry = member_acts.suspend(moderator, make_member_of(moderator), in_days(3), WHY)
        undo.undo(moderator, entry)
    finally:
        acted.disconnect(listen)

    assert told == [("suspend", WHY.reason), ("undo", "")]
