"""Merging, splitting and moving posts: where everything stands afterwards, and that all of it can be taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum import unread
from forum.actions import drafts, reactions, reading_marks, rearrange, visibility
from forum.actions.topics import lock_topic, mark_duplicate, pin_topic
from forum.counters.recount import recount
from forum.models import Draft, Post, Reading, Rearrangement, Subforum, Topic
from forum.permissions import CannotBeDone, NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


def written(topic, minutes):
    """Posts of a topic as if written at these minutes, the first of them the opening post."""
    begin = timezone.now() - timedelta(days=1)
    posts = [topic.opening_post, *(make_post(topic=topic) for _ in minutes[1:])]
    for post, minute in zip(posts, minutes, strict=True):
        Post.objects.filter(pk=post.pk).update(written_at=begin + timedelta(minutes=minute))
    Topic.objects.filter(pk=topic.pk).update(
        opened_at=begin + timedelta(minutes=minutes[0]), last_post_at=begin + timedelta(minutes=minutes[-1])
    )
    Subforum.objects.filter(pk=topic.subforum_id).update(last_post_at=begin + timedelta(minutes=minutes[-1]))
    return [Post.objects.select_related("topic__subforum").get(pk=post.pk) for post in posts]


def order_of(topic):
    return list(Post.objects.filter(topic=topic).order_by("number").values_list("pk", "number"))


def everything():
    """All that a rearrangement may touch, but for versions."""
    posts = Post.objects.order_by("pk").values_list("pk", "topic", "number", "heading", "hidden_at")
    left_out = {"version", "moderated_at"}
    names = [field.attname for field in Topic._meta.concrete_fields if field.attname not in left_out]
    topics = Topic.objects.order_by("pk").values_list(*names)
    return list(posts), list(topics), sorted(Reading.objects.values_list("topic", "user", "number"))


@pytest.fixture
def two():
    """Two topics whose posts were written in turns, in two subforums."""
    one, other = make_topic(title="Torugart bike"), make_topic(title="Torugart with a bicycle")
    return written(one, [0, 20, 40]), written(other, [10, 30])


def test_merged_posts_stand_in_the_order_in_which_they_were_written(moderator, two):
    (a1, a2, a3), (b1, b2) = two

    rearrange.merge_topics(moderator, a1.topic, b1.topic)

    target = Topic.objects.get(pk=b1.topic_id)
    assert order_of(target) == [(post.pk, number) for number, post in enumerate([a1, b1, a2, b2, a3], 1)]
    assert (target.opening_post_id, target.last_post_id, target.posts_count, target.title) == (
        a1.pk, a3.pk, 5, "Torugart with a bicycle",
    )  # fmt: skip
    assert (target.author_id, Post.objects.get(pk=a2.pk).heading) == (a1.author_id, target.title)
    assert target.opened_at == a1.written_at
    assert recount(mend=False) == []


def test_old_addresses_of_a_merged_topic_lead_to_where_its_posts_are(moderator, two, client):
    (a1, _, a3), (b1, _) = two
    source, target = a1.topic, b1.topic

    rearrange.merge_topics(moderator, source, target)

    first = client.get(f"/topics/{source.pk}/")
    assert (first.status_code, first["Location"]) == (301, target.get_absolute_url())
    assert client.get(source.get_absolute_url())["Location"] == target.get_absolute_url()
    assert client.get(f"/posts/{a3.pk}/")["Location"] == f"{target.get_absolute_url()}#p{a3.pk}"
    assert client.get(f"/topics/{source.pk}/feed/")["Location"] == f"/topics/{target.pk}/feed/"
    assert client.get(f"/topics/{source.pk}/answers/")["Location"] == f"/topics/{target.pk}/answers/"


def test_a_page_of_a_merged_topic_leads_to_its_first_post(moderator, client):
    source, target = make_topic(), make_topic()
    posts = written(source, list(range(45)))
    written(target, [22.5])

    rearrange.merge_topics(moderator, source, target)

    third = client.get(f"{source.get_absolute_url()}3/")
    assert third["Location"] == f"{target.get_absolute_url()}3/#p{posts[40].pk}"
    assert client.get(f"{source.get_absolute_url()}9/")["Location"] == f"{target.get_absolute_url()}3/"


def test_addresses_lead_on_over_several_mergings(moderator, client):
    first, second, third = make_topic(), make_topic(), make_topic()

    rearrange.merge_topics(moderator, first, second)
    rearrange.merge_topics(moderator, second, third)

    assert client.get(first.get_absolute_url())["Location"] == third.get_absolute_url()


def test_an_old_address_tells_strangers_nothing_of_a_topic_they_may_not_read(moderator, client):
    source, target = make_topic(), make_topic(subforum=make_subforum(access="staff"), author=moderator)

    rearrange.merge_topics(moderator, source, target)

    assert client.get(source.get_absolute_url()).status_code == 404


def test_a_reply_to_a_merged_topic_is_sent_on_with_its_text(moderator, client, two):
    (a1, *_), (b1, *_) = two
    client.force_login(make_user())
    rearrange.merge_topics(moderator, a1.topic, b1.topic)

    response = client.post(f"/topics/{a1.topic_id}/reply/", {"source": "We crossed on Monday."}, follow=True)

    assert response.redirect_chain[0] == (f"/topics/{b1.topic_id}/reply/", 307)
    assert Post.objects.filter(topic=b1.topic_id, source="We crossed on Monday.").exists()


def test_undoing_a_merging_brings_everything_back(moderator, two):
    (a1, a2, *_), (b1, _) = two
    reader, other = make_user(), make_user()
    unread.note_reading(reader, a1.topic, 2)
    unread.note_reading(other, b1.topic, 1)
    reactions.react(reader, a2, "helpful")
    before = everything()

    made = rearrange.merge_topics(moderator, a1.topic, b1.topic)
    for _ in range(2):
        rearrange.undo_rearrangement(moderator, made)

    assert everything() == before
    assert recount(mend=False) == []


def test_what_was_written_after_a_merging_stays_where_it_was_written(moderator, two):
    (a1, *_), (b1, b2) = two
    made = rearrange.merge_topics(moderator, a1.topic, b1.topic)
    late = make_post(topic=Topic.objects.get(pk=b1.topic_id))

    rearrange.undo_rearrangement(moderator, made)

    assert [pk for pk, _ in order_of(b1.topic_id)] == [b1.pk, b2.pk, late.pk]
    assert recount(mend=False) == []


def test_marks_of_readers_stand_at_the_furthest_post_they_have_read(moderator, two):
    (a1, *_), (b1, *_) = two
    of_one, of_both = make_user(), make_user()
    unread.note_reading(of_one, a1.topic, 2)  # a2, the third of all
    unread.note_reading(of_both, a1.topic, 1)
    unread.note_reading(of_both, b1.topic, 2)  # b2, the fourth

    rearrange.merge_topics(moderator, a1.topic, b1.topic)

    marks = dict(Reading.objects.filter(topic=b1.topic_id, user__in=[of_one, of_both]).values_list("user", "number"))
    assert marks == {of_one.pk: 3, of_both.pk: 4}


def test_whoever_read_on_after_a_merging_has_read_so_far_when_it_is_undone(moderator, two):
    (a1, *_), (b1, *_) = two
    reader = make_user()
    unread.note_reading(reader, a1.topic, 1)
    made = rearrange.merge_topics(moderator, a1.topic, b1.topic)
    unread.note_reading(reader, b1.topic, 4)  # a1, b1, a2, b2

    rearrange.undo_rearrangement(moderator, made)

    marks = dict(Reading.objects.filter(user=reader).values_list("topic", "number"))
    assert marks == {a1.topic_id: 2, b1.topic_id: 2}


def test_an_unsent_reply_goes_along(moderator, two):
    (a1, *_), (b1, *_) = two
    writer = make_user()
    drafts.save(writer, a1.topic, source="Half a sen")

    rearrange.merge_topics(moderator, a1.topic, b1.topic)

    assert Draft.objects.get(user=writer).topic_id == b1.topic_id


def test_split_posts_are_a_topic_of_their_own(moderator, two):
    (a1, a2, a3), (b1, _) = two
    begun = [Topic.objects.filter(pk=post.topic_id).values("author", "opened_at").get() for post in (a1, b1)]

    made = rearrange.split_posts(moderator, [a3, a2], title="Which bus to Kashgar?")

    assert [Topic.objects.filter(pk=post.topic_id).values("author", "opened_at").get() for post in (a1, b1)] == begun
    new = Topic.objects.get(pk=made.target_id)
    assert (new.title, new.author_id, new.opening_post_id) == ("Which bus to Kashgar?", a2.author_id, a2.pk)
    assert order_of(new) == [(a2.pk, 1), (a3.pk, 2)]
    assert order_of(a1.topic_id) == [(a1.pk, 1)]
    assert recount(mend=False) == []


def test_split_posts_leave_no_gap_and_their_old_page_still_answers(moderator, client):
    source = make_topic()
    posts = written(source, list(range(45)))

    made = rearrange.split_posts(moderator, posts[5:], title="Another question")

    new = Topic.objects.get(pk=made.target_id)
    assert [number for _, number in order_of(source)] == [1, 2, 3, 4, 5]
    assert client.get(f"{source.get_absolute_url()}3/")["Location"] == f"{new.get_absolute_url()}2/#p{posts[40].pk}"


def test_undoing_a_split_takes_along_what_was_written_since(moderator, two, client):
    (a1, a2, a3), _ = two
    made = rearrange.split_posts(moderator, [a2], title="Which bus?")
    new = Topic.objects.get(pk=made.target_id)
    late = make_post(topic=new)

    rearrange.undo_rearrangement(moderator, made)

    assert [pk for pk, _ in order_of(a1.topic_id)] == [a1.pk, a2.pk, a3.pk, late.pk]
    assert client.get(new.get_absolute_url())["Location"] == a1.topic.get_absolute_url()
    assert recount(mend=False) == []


def test_moved_posts_stand_among_the_others_by_their_time_and_go_back(moderator, two):
    (a1, a2, a3), (b1, b2) = two
    before = everything()

    made = rearrange.move_posts(moderator, [a2, a3], b1.topic)
    moved = order_of(b1.topic_id)
    drifts = recount(mend=False)
    rearrange.undo_rearrangement(moderator, made)

    assert moved == [(b1.pk, 1), (a2.pk, 2), (b2.pk, 3), (a3.pk, 4)]
    assert drifts == recount(mend=False) == []
    assert everything() == before
    assert a1.topic.posts.count() == 3


def test_undoing_goes_from_the_newest_to_the_oldest(moderator, two):
    (a1, a2, a3), (b1, _) = two
    merged = rearrange.merge_topics(moderator, a1.topic, b1.topic)
    split = rearrange.split_posts(moderator, [Post.objects.get(pk=a3.pk)], title="The last one")

    with pytest.raises(CannotBeDone):
        rearrange.undo_rearrangement(moderator, merged)
    rearrange.undo_rearrangement(moderator, split)
    rearrange.undo_rearrangement(moderator, merged)

    assert [pk for pk, _ in order_of(a1.topic_id)] == [a1.pk, a2.pk, a3.pk]
    assert recount(mend=False) == []


def test_hidden_and_held_posts_keep_their_places_among_the_others(moderator, two):
    (a1, a2, a3), (b1, b2) = two
    visibility.hide_post(moderator, a2)
    visibility.hold_post(None, b2)

    rearrange.merge_topics(moderator, a1.topic, b1.topic)

    assert [pk for pk, _ in order_of(b1.topic_id)] == [a1.pk, b1.pk, a2.pk, b2.pk, a3.pk]
    assert Topic.objects.get(pk=b1.topic_id).posts_count == 3
    assert recount(mend=False) == []


def test_merging_across_access_keeps_members_counters(moderator):
    public, private = make_topic(), make_topic(subforum=make_subforum(access="members"))
    reactions.react(make_user(), make_post(topic=public), "helpful")

    made = rearrange.merge_topics(moderator, public, private)
    merged = recount(mend=False)
    rearrange.undo_rearrangement(moderator, made)

    assert merged == recount(mend=False) == []


def test_nothing_is_rearranged_that_makes_no_sense(moderator, two):
    (a1, a2, a3), (b1, _) = two
    hidden, locked, waiting = make_topic(), make_topic(), make_topic()
    visibility.hide_topic(moderator, hidden)
    visibility.hold_post(None, waiting.opening_post)
    mark_duplicate(moderator, locked, b1.topic)
    before = everything()

    for act in (
        lambda: rearrange.merge_topics(moderator, a1.topic, a1.topic),
        lambda: rearrange.merge_topics(moderator, a1.topic, hidden),
        lambda: rearrange.merge_topics(moderator, hidden, a1.topic),
        lambda: rearrange.merge_topics(moderator, waiting, a1.topic),
        lambda: rearrange.merge_topics(moderator, b1.topic, a1.topic),
        lambda: rearrange.merge_topics(moderator, locked, b1.topic),
        lambda: rearrange.split_posts(moderator, [], title="Nothing"),
        lambda: rearrange.split_posts(moderator, [a1, a2, a3], title="All"),
        lambda: rearrange.split_posts(moderator, [a2, b1], title="Of two topics"),
        lambda: rearrange.move_posts(moderator, [a2], a1.topic),
        lambda: rearrange.move_posts(moderator, [a2], hidden),
    ):
        with pytest.raises(CannotBeDone):
            act()

    assert everything() == before
    assert not Rearrangement.objects.exists()


def split(moderator, posts, other):
    rearrange.split_posts(moderator, posts, title="Another")


def move(moderator, posts, other):
    rearrange.move_posts(moderator, posts, other)


@pytest.mark.parametrize("act", [split, move])
@pytest.mark.parametrize("state", ["hidden", "held"])
@pytest.mark.parametrize(
    "leaving", [[1, 2], [0]], ids=["the first of those that leave", "the first of those that stay"]
)
def test_neither_part_of_a_topic_begins_with_a_post_that_cannot_be_read(moderator, two, act, state, leaving):
    posts, (other, _) = two
    if state == "hidden":
        visibility.hide_post(moderator, posts[1])
    else:
        visibility.hold_post(None, posts[1])
    chosen, before = [posts[place] for place in leaving], everything()

    with pytest.raises(CannotBeDone):
        act(moderator, chosen, other.topic)

    assert everything() == before


def test_nobody_rearranges_what_they_do_not_moderate(two):
    (a1, a2, _), (b1, _) = two
    of_one = make_user()
    a1.topic.subforum.moderators.add(of_one)

    for act in (
        lambda: rearrange.merge_topics(of_one, a1.topic, b1.topic),
        lambda: rearrange.merge_topics(of_one, b1.topic, a1.topic),
        lambda: rearrange.move_posts(of_one, [a2], b1.topic),
        lambda: rearrange.split_posts(of_one, [a2], title="Elsewhere", subforum=b1.topic.subforum),
        lambda: rearrange.split_posts(a1.author, [a2], title="Mine"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_nobody_undoes_what_they_do_not_moderate(moderator, two):
    (a1, *_), (b1, *_) = two
    made = rearrange.merge_topics(moderator, a1.topic, b1.topic)

    with pytest.raises(NotAllowed):
        rearrange.undo_rearrangement(make_user(), made)


def test_what_two_topics_become_can_be_locked_and_merged(moderator, two):
    (a1, *_), (b1, *_) = two
    lock_topic(moderator, a1.topic)
    pin_topic(moderator, b1.topic)

    rearrange.merge_topics(moderator, a1.topic, b1.topic)

    target = Topic.objects.get(pk=b1.topic_id)
    assert target.locked_at is None
    assert target.pinned_at is not None


@pytest.mark.parametrize(
    ("marks", "carried_to"),
    [
        ({(1, 7): 0}, {}), ({(1, 7): 1}, {(2, 7): 2}), ({(1, 7): 2}, {(1, 7): 1, (2, 7): 2}),
        ({(1, 7): 3}, {(1, 7): 1, (2, 7): 3}), ({(1, 7): 9}, {(1, 7): 1, (2, 7): 3}),
        ({(2, 7): 1}, {(2, 7): 1}), ({(2, 7): 2}, {(2, 7): 4}), ({(1, 7): 1, (2, 7): 1}, {(2, 7): 2}),
        ({(1, 7): 3, (2, 7): 1}, {(1, 7): 1, (2, 7): 3}), ({(1, 7): 1, (1, 8): 2}, {(2, 7): 2, (1, 8): 1, (2, 8): 2}),
    ],
)  # fmt: skip
def test_a_mark_is_carried_to_the_furthest_post_that_was_read_in_each_topic(marks, carried_to):
    """Of three posts of topic 1 the first and the last move between the two of topic 2."""
    was = {11: (1, 1), 12: (1, 2), 13: (1, 3), 21: (2, 1), 22: (2, 2)}
    new = {11: (2, 2), 12: (1, 1), 13: (2, 3), 21: (2, 1), 22: (2, 4)}

    assert reading_marks.carried(marks, was, new) == carried_to


def test_a_mark_never_goes_back_where_an_earlier_post_moved_further():
    was, new = {11: (1, 1), 12: (1, 2)}, {11: (2, 5), 12: (2, 3)}

    assert reading_marks.carried({(1, 7): 1}, was, new) == {(2, 7): 5}
    assert reading_marks.carried({(1, 7): 2}, was, new) == {(2, 7): 5}
