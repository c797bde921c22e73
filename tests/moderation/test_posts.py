"""Judging posts: each act, twice, taken back, and refused; on what is hidden, waiting, locked and merged."""

import pytest
from django.utils import timezone

from forum.actions import posts, visibility
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import post_acts, topic_acts, undo
from moderation.filters import findings
from moderation.models import ApprovedText, Flag, Hold, ModerationEntry, QueueItem, Verb
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


@pytest.fixture
def post():
    return make_post(source="It was open.")


@pytest.fixture
def moderator(post):
    return make_moderator(post.topic.subforum)


def let_wait(post, reason=Hold.Reason.LINKS):
    visibility.hold_post(None, post)
    return findings.note_hold(Post.objects.select_related("topic__subforum", "author").get(pk=post.pk), reason)


def edit(by, post, source="It was open, they say."):
    return post_acts.edit(by, post, WHY, source=source, based_on=post.edits_count)


def test_a_hidden_post_upholds_its_flags_and_comes_back_with_them(post, moderator):
    flag = make_flag(post)

    entry = post_acts.hide(moderator, post, WHY)

    assert fresh(post).hidden_by == moderator
    assert (fresh(flag).outcome, QueueItem.objects.open().count()) == ("upheld", 0)
    assert post_acts.hide(moderator, post, WHY) is None
    undo.undo(moderator, entry)
    assert fresh(post).is_readable
    assert (fresh(flag).outcome, QueueItem.objects.open().get().kinds) == ("", ["flag"])


def test_a_post_flagged_anew_since_has_one_item_after_the_undoing(post, moderator):
    flag = make_flag(post)
    acts = [post_acts.hide(moderator, post, WHY), post_acts.restore(moderator, post, WHY)]
    anew = make_flag(post, by=flag.by)
    acts.append(post_acts.hide(moderator, post, WHY))

    for entry in reversed(acts):
        undo.undo(moderator, entry)

    assert Flag.objects.open().get() == anew
    assert QueueItem.objects.open().count() == 1


def test_restoring_is_done_once_and_taken_back(post, moderator):
    assert post_acts.restore(moderator, post, WHY) is None
    post_acts.hide(moderator, post, WHY)

    entry = post_acts.restore(moderator, post, WHY)

    assert fresh(post).is_readable
    assert post_acts.restore(moderator, post, WHY) is None
    undo.undo(moderator, entry)
    assert fresh(post).hidden_at is not None


def test_what_its_author_withdrew_is_not_brought_back(post, moderator):
    posts.withdraw_post(post.author, post)

    with pytest.raises(CannotBeDone):
        post_acts.restore(moderator, post, WHY)


def test_what_its_author_withdrew_waits_no_longer(post):
    flag = make_flag(post)

    posts.withdraw_post(post.author, post)

    assert fresh(flag).outcome == Flag.Outcome.WITHDRAWN
    assert not QueueItem.objects.open().exists()


def test_a_topic_that_its_author_withdrew_waits_no_longer():
    topic = make_topic()
    flag = make_flag(topic.opening_post)

    posts.withdraw_topic(topic.author, topic)

    assert fresh(flag).outcome == Flag.Outcome.WITHDRAWN


def test_an_opening_post_is_hidden_with_its_topic(moderator, post):
    with pytest.raises(CannotBeDone, match="Hide the topic"):
        post_acts.hide(moderator, post.topic.opening_post, WHY)


def test_approving_publishes_dismisses_flags_and_is_remembered(post, moderator):
    flag = make_flag(post)
    hold = let_wait(post)

    entry = post_acts.approve(moderator, post, WHY)

    assert fresh(post).is_readable
    assert (fresh(flag).outcome, fresh(hold).outcome) == ("dismissed", "approved")
    assert ApprovedText.objects.get().author == post.author
    assert post_acts.approve(moderator, post, WHY) is None
    undo.undo(moderator, entry)
    assert fresh(post).held_at is not None
    assert (fresh(flag).outcome, fresh(hold).outcome) == ("", "")
    assert not ApprovedText.objects.exists()
    assert QueueItem.objects.open().get().kinds == ["flag", "hold"]


def test_rejecting_hides_and_comes_back_to_waiting(post, moderator):
    hold = let_wait(post)

    entry = post_acts.reject(moderator, post, WHY)

    assert fresh(post).hidden_at is not None
    assert fresh(hold).outcome == "rejected"
    assert post_acts.reject(moderator, post, WHY) is None
    undo.undo(moderator, entry)
    assert (fresh(post).hidden_at, fresh(post).held_at is None) == (None, False)
    assert fresh(hold).closed_at is None


def test_a_rejected_opening_post_takes_its_topic_along():
    topic = make_topic()
    moderator = make_moderator(topic.subforum)
    let_wait(topic.opening_post)

    entry = post_acts.reject(moderator, topic.opening_post, WHY)

    assert fresh(topic).hidden_at is not None
    undo.undo(moderator, entry)
    assert (fresh(topic).hidden_at, fresh(topic).held_at is None) == (None, False)
    post_acts.approve(moderator, topic.opening_post, WHY)
    assert fresh(topic).is_readable


def test_what_waits_no_longer_cannot_be_rejected(post, moderator):
    with pytest.raises(CannotBeDone):
        post_acts.reject(moderator, post, WHY)


def test_what_was_rejected_and_is_restored_is_published(post, moderator):
    let_wait(post)
    post_acts.reject(moderator, post, WHY)

    post_acts.restore(moderator, post, WHY)

    assert fresh(post).is_readable


def test_dismissed_flags_leave_the_post_as_it_is(post, moderator):
    flag = make_flag(post)

    entry = post_acts.dismiss(moderator, post, WHY)

    assert (fresh(post).is_readable, fresh(flag).outcome) == (True, "dismissed")
    assert post_acts.dismiss(moderator, post, WHY) is None
    undo.undo(moderator, entry)
    assert fresh(flag).closed_at is None


def test_dismissing_what_flags_let_wait_publishes_it(post, moderator):
    make_flag(post)
    let_wait(post, Hold.Reason.FLAGS)

    entry = post_acts.dismiss(moderator, post, WHY)

    assert entry.verb == Verb.APPROVE
    assert fresh(post).is_readable


def test_editing_keeps_the_reason_settles_flags_and_is_taken_back(post, moderator):
    flag = make_flag(post)

    entry = edit(moderator, post)

    assert fresh(post).source == "It was open, they say."
    assert post.revisions.get().reason == WHY.reason
    assert (fresh(flag).outcome, entry.words.after["edits_count"]) == ("upheld", 1)
    assert edit(moderator, fresh(post)) is None
    undo.undo(moderator, entry)
    assert fresh(post).source == "It was open."
    assert fresh(flag).closed_at is None


def test_an_edit_is_not_undone_over_a_later_one(post, moderator):
    entry = edit(moderator, post)
    edit(moderator, fresh(post), "A third text.")

    with pytest.raises(CannotBeDone):
        undo.undo(moderator, entry)

    assert fresh(post).source == "A third text."


def test_an_edit_is_not_undone_while_the_post_is_hidden(post, moderator):
    entry = edit(moderator, post)
    post_acts.hide(moderator, fresh(post), WHY)

    with pytest.raises(CannotBeDone):
        undo.undo(moderator, entry)


def test_a_reason_longer_than_the_history_holds_is_cut_there_only(post, moderator):
    why = type(WHY)(reason="x" * 500)

    entry = post_acts.edit(moderator, post, why, source="Other words.", based_on=0)

    assert len(post.revisions.get().reason) == 200
    assert len(entry.words.reason) == 500


# --- Power ---

ACTS = {
    "hide": lambda by, post: post_acts.hide(by, post, WHY),
    "restore": lambda by, post: post_acts.restore(by, post, WHY),
    "approve": lambda by, post: post_acts.approve(by, post, WHY),
    "reject": lambda by, post: post_acts.reject(by, post, WHY),
    "dismiss": lambda by, post: post_acts.dismiss(by, post, WHY),
    "edit": edit,
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["the author", "a moderator elsewhere", "an equal", "one below"])
def test_others_may_not(post, act, who):
    by, wrote = {
        "the author": (post.author, post.author),
        "a moderator elsewhere": (make_moderator(make_subforum()), post.author),
        "an equal": (make_moderator(post.topic.subforum), make_moderator(post.topic.subforum)),
        "one below": (make_moderator(post.topic.subforum), make_admin()),
    }[who]
    Post.objects.filter(pk=post.pk).update(author=wrote)

    with pytest.raises(NotAllowed):
        ACTS[act](by, fresh(post))

    assert not ModerationEntry.objects.exists()


def test_a_moderator_judges_what_is_their_own(post, moderator):
    own = make_post(topic=post.topic, author=moderator)

    assert edit(moderator, own)


def test_a_moderator_of_another_subforum_is_a_member_here(post, moderator):
    theirs = make_post(topic=post.topic, author=make_moderator(make_subforum()))

    assert post_acts.hide(moderator, theirs, WHY)


# --- On what is hidden, waits, is locked or was merged ---


def state(kind, post, moderator):
    now = timezone.now()
    if kind == "hidden":
        Post.objects.filter(pk=post.pk).update(hidden_at=now, hidden_by=moderator)
    if kind == "in a hidden topic":
        Topic.objects.filter(pk=post.topic_id).update(hidden_at=now, hidden_by=moderator)
    if kind == "waiting":
        let_wait(post)
    if kind == "in a locked topic":
        Topic.objects.filter(pk=post.topic_id).update(locked_at=now)
    if kind == "in a merged topic":
        topic_acts.merge(moderator, post.topic, make_topic(subforum=post.topic.subforum), WHY)
    return Post.objects.select_related("topic__subforum", "author").get(pk=post.pk)


WHAT_COMES = {
    ("hide", "hidden"): None, ("hide", "in a hidden topic"): "hide-post", ("hide", "waiting"): "hide-post",
    ("hide", "in a locked topic"): "hide-post", ("hide", "in a merged topic"): "hide-post",
    ("restore", "hidden"): "restore-post", ("restore", "in a hidden topic"): None, ("restore", "waiting"): None,
    ("restore", "in a locked topic"): None, ("restore", "in a merged topic"): None,
    ("approve", "hidden"): None, ("approve", "in a hidden topic"): None, ("approve", "waiting"): "approve",
    ("approve", "in a locked topic"): None, ("approve", "in a merged topic"): None,
    ("reject", "hidden"): None, ("reject", "in a hidden topic"): None, ("reject", "waiting"): "reject",
    ("reject", "in a locked topic"): CannotBeDone, ("reject", "in a merged topic"): CannotBeDone,
    ("dismiss", "hidden"): None, ("dismiss", "in a hidden topic"): None, ("dismiss", "waiting"): None,
    ("dismiss", "in a locked topic"): None, ("dismiss", "in a merged topic"): None,
    ("edit", "hidden"): NotAllowed, ("edit", "in a hidden topic"): "edit", ("edit", "waiting"): "edit",
    ("edit", "in a locked topic"): "edit", ("edit", "in a merged topic"): "edit",
}  # fmt: skip


@pytest.mark.parametrize(("act", "kind"), WHAT_COMES)
def test_each_act_on_each_state_is_defined(post, moderator, act, kind):
    expected = WHAT_COMES[act, kind]
    post = state(kind, post, moderator)

    if isinstance(expected, type):
        with pytest.raises(expected):
            ACTS[act](moderator, post)
    else:
        entry = ACTS[act](moderator, post)
        assert (entry and entry.verb) == expected


def test_an_act_on_a_post_that_was_moved_since_is_refused(post, moderator):
    target = make_topic(subforum=post.topic.subforum)
    stale = Post.objects.select_related("topic__subforum").get(pk=post.pk)
    topic_acts.move_posts(moderator, [post], target, WHY)

    with pytest.raises(NotAllowed):
        post_acts.hide(moderator, stale, WHY)


def test_a_visitor_to_the_matter_has_no_say(post):
    with pytest.raises(NotAllowed):
        post_acts.hide(make_user(), post, WHY)
