"""A moderator marks a post as out of date: it says so, the experts see it, and the mark is taken off again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ExpertBadge
from crossings.freshness import actions, desk
from crossings.links.actions import link_topic
from crossings.models import AnswerConfirmation
from forum.actions import visibility
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import appeals, post_acts, undo
from moderation.models import Flag, ModerationEntry, QueueItem, Verb
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post
from tests.moderation.factories import WHY, make_flag, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post()


@pytest.fixture
def moderator(post, client):
    found = make_moderator(post.topic.subforum)
    client.force_login(found)
    return found


def fresh(post):
    return Post.objects.select_related("topic__subforum", "author").get(pk=post.pk)


def test_the_queue_offers_it_for_what_was_called_outdated(client, moderator, post):
    item = make_flag(post, reason=Flag.Reason.OUTDATED).item
    make_flag(make_post(topic=post.topic))

    shown = client.get("/moderation/").text
    done = client.post(f"/moderation/queue/{item.pk}/act/", {"act": "mark-outdated"}, follow=True).text

    assert shown.count("Mark out of date <kbd>T</kbd>") == 1
    assert f"Marked a post by {post.author.username}" in done
    assert fresh(post).marked_outdated_at
    assert QueueItem.objects.get(pk=item.pk).closed_at
    assert Flag.objects.get(post=post).outcome == Flag.Outcome.UPHELD


def test_readers_are_told_on_the_topics_page_at_once(client, moderator, post):
    client.logout()
    assert "Out of date." not in client.get(post.topic.get_absolute_url()).text

    post_acts.mark_outdated(moderator, post, WHY)

    assert "A moderator marked it so on" in client.get(post.topic.get_absolute_url()).text


def test_it_is_taken_back_exactly(moderator, post):
    flag = make_flag(post, reason=Flag.Reason.OUTDATED)
    entry = post_acts.mark_outdated(moderator, post, WHY)

    undo.undo(moderator, entry)

    assert fresh(post).marked_outdated_at is None
    assert Flag.objects.open().get() == flag
    assert QueueItem.objects.open().get() == flag.item


def test_twice_changes_nothing(moderator, post):
    post_acts.mark_outdated(moderator, post, WHY)
    marked_at = fresh(post).marked_outdated_at

    assert post_acts.mark_outdated(moderator, post, WHY) is None
    assert fresh(post).marked_outdated_at == marked_at
    assert ModerationEntry.objects.count() == 1


def test_only_moderators_of_the_subforum_mark_and_only_what_is_read(moderator, post):
    for user in (make_user(), make_moderator()):
        with pytest.raises(NotAllowed):
            post_acts.mark_outdated(user, post, WHY)
    visibility.hide_post(moderator, post)

    with pytest.raises(CannotBeDone, match="Nobody reads this now"):
        post_acts.mark_outdated(moderator, post, WHY)


def test_other_flags_of_the_post_go_on(moderator, post):
    make_flag(post, reason=Flag.Reason.OUTDATED)
    advertising = make_flag(post)

    post_acts.mark_outdated(moderator, post, WHY)

    assert Flag.objects.open().get() == advertising


def test_the_author_may_ask_to_look_again(moderator, post):
    entry = post_acts.mark_outdated(moderator, post, WHY)

    asked = appeals.appeal(post.author, entry, "It was so on Monday.")
    appeals.decide(make_moderator(post.topic.subforum), asked, is_granted=True, answer="You are right.")

    assert fresh(post).marked_outdated_at is None


def test_experts_see_it_on_their_desk_until_one_confirms_it(moderator, post):
    expert = make_user()
    ExpertBadge.objects.create(
        user=expert, title="Pass expert", countries=["KG"], given_by=expert, given_at=timezone.now()
    )
    link_topic(post.topic, make_crossing(countries=("CN", "KG")), source="author", by=post.author)

    def on_the_desk():
        return [answer.pk for section in desk.desk_of(expert) for answer in section.outdated]

    assert on_the_desk() == []
    post_acts.mark_outdated(moderator, post, WHY)
    assert on_the_desk() == [post.pk]
    Post.objects.filter(pk=post.pk).update(marked_outdated_at=timezone.now() - timedelta(days=2))
    actions.confirm_answer(expert, fresh(post))

    assert AnswerConfirmation.objects.filter(post=post).exists()
    assert on_the_desk() == []


def test_it_is_in_the_logs_of_all(client, moderator, post):
    post_acts.mark_outdated(moderator, post, WHY)

    assert "as out of date" in client.get("/moderation/log/").text
    client.logout()
    assert "Mark out of date" in client.get("/log/").text
    assert "A post marked as out of date" in client.get(Topic.objects.get(pk=post.topic_id).get_absolute_url()).text
    assert ModerationEntry.objects.get().verb == Verb.MARK_OUTDATED
