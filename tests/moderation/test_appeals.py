"""Members ask that an act be looked at again; another moderator takes back what stands of it, or says why it stands."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from forum.actions import edits
from forum.counters.recount import recount
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import member_acts, post_acts, topic_acts, undo
from moderation.actions.appeals import appeal, decide
from moderation.log import entries
from moderation.models import Appeal, ModerationEntry, QueueItem
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db
ANSWER = "You are right, and we are sorry."


@pytest.fixture
def post():
    return make_post()


@pytest.fixture
def moderator(post):
    return make_moderator(post.topic.subforum)


@pytest.fixture
def other(post):
    return make_moderator(post.topic.subforum)


@pytest.fixture
def asked(post, moderator):
    return appeal(post.author, post_acts.hide(moderator, post, WHY), "It was no advertisement.")


def grant(user, asked, **more):
    return decide(user, asked, is_granted=True, answer=ANSWER, **more)


def outcome(asked):
    return Appeal.objects.get(pk=asked.pk).outcome


def readable(post):
    return Post.objects.get(pk=post.pk).is_readable


# --- Asking ---


@pytest.fixture
def split(post, moderator):
    """A reply of two writers each, split off a topic that somebody else began."""
    also = make_post(topic=post.topic)
    return topic_acts.split(moderator, [post, also], WHY, title="Another question"), post.author, also.author


def test_whoever_wrote_what_was_taken_along_sees_it_and_may_ask(client, split, post):
    entry, writer, _ = split
    stranger = make_post(topic=Topic.objects.get(pk=entry.topic_id)).author
    client.force_login(writer)

    page = client.get("/moderation/mine/").text
    asked = client.post(f"/moderation/entries/{entry.pk}/appeal/", {"words": "It belongs there."})

    assert "A post of yours of “" in page
    assert "stands in another topic now" in page
    assert f"/posts/{post.pk}/" in page
    assert "keep to the rules" not in page  # which is said to whom the act names
    assert asked.status_code == 302
    assert QueueItem.objects.open().get().post == post
    client.force_login(stranger)
    assert "stands in another topic" not in client.get("/moderation/mine/").text
    assert client.get(f"/moderation/entries/{entry.pk}/appeal/").status_code == 404
    with pytest.raises(NotAllowed):
        appeal(stranger, entry, "And me?")


def test_each_whom_it_concerns_asks_once_and_gets_an_answer_of_their_own(split, other):
    entry, first, second = split
    one, two = appeal(first, entry, "Why?"), appeal(second, entry, "And mine?")

    decided = decide(other, one, is_granted=True, answer=ANSWER)
    answered = decide(other, two, is_granted=True, answer=ANSWER)

    assert (decided.member, answered.member) == (first, second)
    assert decided.words.after["took_back"] == entry.pk
    assert answered.words.after["took_back"] is None
    assert appeal(first, entry, "Again?") == one
    assert recount(mend=False) == []


def test_once_its_words_are_erased_nobody_knows_whom_it_took_along(client, split):
    entry, writer, _ = split
    entries.erase_words(make_admin(), entry)
    client.force_login(writer)

    assert "stands in another topic" not in client.get("/moderation/mine/").text
    with pytest.raises(NotAllowed):
        appeal(writer, ModerationEntry.objects.get(pk=entry.pk), "Why?")


def test_the_list_asks_as_much_for_many_acts_as_for_one(client, moderator, django_assert_num_queries):
    writer = make_user(trust=User.Trust.MEMBER)

    def taken():
        post = make_post(author=writer, topic=make_topic(subforum=moderator.moderated_subforums.first()))
        post_acts.hide(moderator, make_post(author=writer, topic=post.topic), WHY)
        return topic_acts.split(moderator, [post], WHY, title="Another question")

    appeal(writer, taken(), "Why?")
    client.force_login(writer)
    client.get("/moderation/mine/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/moderation/mine/")
    once = len(queries)
    for _ in range(3):
        appeal(writer, taken(), "Why?")
    client.get("/moderation/mine/")  # the head counts anew what is unread, once something was written
    with django_assert_num_queries(once):
        client.get("/moderation/mine/")


def test_about_a_whole_topic_its_first_post_waits(moderator, post):
    topic = post.topic
    Post.objects.filter(pk=topic.opening_post_id).update(number=3)
    Post.objects.filter(pk=post.pk).update(number=1)

    asked = appeal(topic.author, topic_acts.retitle(moderator, topic, "Another title", WHY), "Why?")

    assert asked.item.post == post


def test_it_waits_once_however_often_one_asks(post, asked):
    assert appeal(post.author, asked.entry, "Please.") == asked

    item = QueueItem.objects.open().get()
    assert (item.kinds, item.post) == (["appeal"], post)


def test_the_page_asks_why_and_keeps_what_was_typed(client, post, moderator):
    entry = post_acts.hide(moderator, post, WHY)
    client.force_login(post.author)

    empty = client.post(f"/moderation/entries/{entry.pk}/appeal/", {"words": "\u200e"})
    too_long = client.post(f"/moderation/entries/{entry.pk}/appeal/", {"words": "so long " * 400})
    done = client.post(f"/moderation/entries/{entry.pk}/appeal/", {"words": "It was no advertisement."})

    assert (empty.status_code, too_long.status_code, done.status_code) == (400, 400, 302)
    assert "so long so long" in too_long.text
    assert "You asked: It was no advertisement." in client.get("/moderation/mine/").text


def test_whoever_is_banned_may_ask(post):
    entry = member_acts.ban(make_admin(), post.author, WHY)

    assert appeal(User.objects.get(pk=post.author_id), entry, "It was not me.")


def test_nobody_asks_about_what_was_done_to_others(client, post, moderator):
    entry = post_acts.hide(moderator, post, WHY)
    stranger = make_user()
    client.force_login(stranger)

    assert client.get(f"/moderation/entries/{entry.pk}/appeal/").status_code == 404
    with pytest.raises(NotAllowed):
        appeal(stranger, entry, "Why?")


def test_nobody_asks_about_what_judges_nobody(post, moderator):
    entry = topic_acts.pin(moderator, post.topic, WHY)

    with pytest.raises(NotAllowed):
        appeal(post.topic.author, entry, "Why?")


def test_nobody_asks_about_what_was_taken_back(client, post, moderator):
    entry = post_acts.hide(moderator, post, WHY)
    undo.undo(moderator, entry)
    client.force_login(post.author)

    answer = client.post(f"/moderation/entries/{entry.pk}/appeal/", {"words": "Why?"}, follow=True)

    assert "This was taken back already." in answer.text
    assert not Appeal.objects.exists()
    assert not QueueItem.objects.open().exists()


def test_whose_topic_was_split_may_ask_and_has_it_whole_again(moderator, other, post):
    entry = topic_acts.split(moderator, [post], WHY, title="A question of its own")
    asked = appeal(post.topic.author, entry, "It is one question.")

    grant(other, asked)

    assert Post.objects.get(pk=post.pk).topic_id == post.topic_id
    assert recount(mend=False) == []


# --- Deciding ---


def test_another_moderator_takes_the_act_back(post, asked, other):
    decision = grant(other, asked)

    assert readable(post)
    assert outcome(asked) == "granted"
    assert ModerationEntry.objects.get(undoes=asked.entry).by == other
    assert decision.words.after["took_back"] == asked.entry_id
    assert not QueueItem.objects.open().exists()
    assert recount(mend=False) == []


def test_or_says_why_it_stands(client, post, asked, other):
    client.force_login(other)

    answer = client.post(f"/moderation/appeals/{asked.pk}/", {"answer": "It is one.", "uphold": "1"})

    assert answer.status_code == 302
    assert not readable(post)
    assert outcome(asked) == "upheld"
    client.force_login(post.author)
    assert "Answer: The act stands. It is one." in client.get("/moderation/mine/").text


def test_whoever_did_it_does_not_decide_but_administrators_may(asked, moderator):
    with pytest.raises(NotAllowed):
        grant(moderator, asked)

    assert grant(make_admin(), asked)


@pytest.mark.parametrize("who", ["the author", "a member", "a moderator of elsewhere"])
def test_others_do_not_decide(asked, post, who):
    by = {
        "the author": post.author,
        "a member": make_user(),
        "a moderator of elsewhere": make_moderator(make_subforum()),
    }[who]

    with pytest.raises(NotAllowed):
        grant(by, asked)


def test_it_is_decided_once(asked, other):
    grant(other, asked)

    assert decide(make_admin(), asked, is_granted=False, answer="No.") is None
    assert outcome(asked) == "granted"


@pytest.mark.parametrize("answer", ["", "   ", "\u200e", "so long " * 400])
def test_an_answer_is_wanted_and_what_was_typed_stays(client, asked, other, answer):
    client.force_login(other)

    page = client.post(f"/moderation/appeals/{asked.pk}/", {"answer": answer, "grant": "1"})

    assert page.status_code == 400
    assert answer.strip(" \u200e") in page.text
    assert outcome(asked) == ""


# --- What was done since ---


def test_what_somebody_restored_by_hand_is_granted_without_more(post, asked, moderator, other):
    post_acts.restore(moderator, post, WHY)

    decision = grant(other, asked)

    assert readable(post)
    assert outcome(asked) == "granted"
    assert decision.words.after["took_back"] is None


def test_what_was_taken_back_by_its_doer_is_granted_without_more(post, asked, moderator, other):
    undo.undo(moderator, asked.entry)

    grant(other, asked)

    assert readable(post)
    assert outcome(asked) == "granted"


def test_what_was_restored_and_hidden_again_can_be_read_again(post, asked, moderator, other):
    post_acts.restore(moderator, post, WHY)
    again = post_acts.hide(moderator, post, WHY)

    decision = grant(other, asked)

    assert readable(post)
    assert ModerationEntry.objects.get(undoes=again).by == other
    assert decision.words.after["took_back"] == again.pk
    assert outcome(asked) == "granted"
    assert recount(mend=False) == []


def test_whoever_hid_it_again_does_not_decide_either(post, asked, moderator, other):
    post_acts.restore(moderator, post, WHY)
    post_acts.hide(other, post, WHY)

    with pytest.raises(CannotBeDone, match="another moderator decides"):
        grant(other, asked)

    assert outcome(asked) == ""
    assert grant(make_admin(), asked)
    assert readable(post)


def lock(by, topic, where):
    return topic_acts.lock(by, topic, WHY)


def move(by, topic, where):
    return topic_acts.move(by, topic, where, WHY)


def retitle(by, topic, where):
    return topic_acts.retitle(by, topic, "Another title", WHY)


def duplicate(by, topic, where):
    return topic_acts.mark_duplicate(by, topic, make_topic(title="The older one"), WHY)


def hide(by, topic, where):
    return topic_acts.hide(by, topic, WHY)


def state(topic):
    topic = Topic.objects.get(pk=topic.pk)
    return topic.locked_at, topic.subforum_id, topic.title, topic.duplicate_of_id, topic.hidden_at


BACK = {
    lock: lambda by, topic: topic_acts.unlock(by, topic, WHY),
    move: lambda by, topic: topic_acts.move(by, Topic.objects.get(pk=topic.pk), topic.subforum, WHY),
    retitle: lambda by, topic: topic_acts.retitle(by, topic, topic.title, WHY),
    duplicate: lambda by, topic: topic_acts.unmark_duplicate(by, topic, WHY),
    hide: lambda by, topic: topic_acts.restore(by, topic, WHY),
}


@pytest.mark.parametrize("act", BACK, ids=[act.__name__ for act in BACK])
@pytest.mark.parametrize("times", [1, 2])
def test_a_topic_stands_as_before_the_act_however_often_it_was_done(act, times):
    topic, admin, where = make_topic(), make_admin(), make_subforum()
    before = state(topic)
    asked = appeal(topic.author, act(admin, topic, where), "Why?")
    for _ in range(times - 1):
        BACK[act](admin, topic)
        if act is not duplicate:
            act(admin, topic, where)
        else:
            topic_acts.mark_duplicate(admin, topic, Topic.objects.get(title="The older one"), WHY)
    assert state(topic) != before

    grant(make_admin(), asked)

    assert state(topic) == before
    assert outcome(asked) == "granted"


@pytest.mark.parametrize("act", BACK, ids=[act.__name__ for act in BACK])
def test_a_topic_that_was_put_right_by_hand_stays_so(act):
    topic, admin = make_topic(), make_admin()
    before = state(topic)
    asked = appeal(topic.author, act(admin, topic, make_subforum()), "Why?")
    BACK[act](admin, topic)

    grant(make_admin(), asked)

    assert state(topic) == before
    assert outcome(asked) == "granted"


def test_what_became_something_else_is_set_right_by_hand_and_said_so(client):
    topic, admin = make_topic(), make_admin()
    asked = appeal(topic.author, topic_acts.retitle(admin, topic, "One title", WHY), "Mine was better.")
    topic_acts.retitle(admin, topic, "Another title", WHY)
    client.force_login(admin)
    address, typed = f"/moderation/appeals/{asked.pk}/", {"answer": ANSWER}

    refused = client.post(address, typed | {"grant": "1"})

    assert refused.status_code == 400
    assert "Something else was made of it since" in refused.text
    assert ANSWER in refused.text
    assert "I have set it right by hand" in refused.text
    assert "Done since" in refused.text
    assert outcome(asked) == ""
    assert client.post(address, typed | {"set-right": "1"}).status_code == 302
    assert outcome(asked) == "granted"
    assert Topic.objects.get(pk=topic.pk).title == "Another title"


def test_the_page_of_an_appeal_offers_that_only_where_it_is_needed(client, asked, other):
    client.force_login(other)

    page = client.get(f"/moderation/appeals/{asked.pk}/").text

    assert "by hand" not in page
    assert "Done since" not in page


def test_an_edit_that_its_author_edited_since_is_set_right_by_hand(post, moderator, other):
    asked = appeal(post.author, post_acts.edit(moderator, post, WHY, source="Kinder.", based_on=0), "It was kind.")
    edits.edit_post(post.author, post, source="As it was.", based_on=1)

    with pytest.raises(CannotBeDone):
        grant(other, asked)

    assert grant(other, asked, is_set_right=True)


def test_the_same_act_with_another_end_is_something_else(moderator):
    topic, admin = make_topic(), make_admin()
    asked = appeal(topic.author, topic_acts.retitle(admin, topic, "One title", WHY), "Mine was better.")
    topic_acts.retitle(admin, topic, topic.title, WHY)
    topic_acts.retitle(admin, topic, "Another title", WHY)

    with pytest.raises(CannotBeDone):
        grant(make_admin(), asked)


def test_a_later_suspension_has_an_appeal_of_its_own(post):
    admin, member = make_admin(), post.author
    asked = appeal(member, member_acts.suspend(admin, member, in_days(3), WHY), "Why?")
    member_acts.lift(admin, member, WHY)
    member_acts.suspend(admin, member, in_days(9), WHY)

    with pytest.raises(CannotBeDone):
        grant(make_admin(), asked)

    assert User.objects.get(pk=member.pk).is_suspended


def in_days(days):
    return timezone.now() + timedelta(days=days)
