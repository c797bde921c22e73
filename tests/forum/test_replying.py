import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from forum.actions import posts
from forum.counters.recount import recount
from forum.models import Post, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db


def reply(client, topic, source="It was open on Monday.", **fields):
    return client.post(f"/topics/{topic.pk}/reply/", {"source": source, **fields})


def test_a_reply_stands_at_the_end_of_its_topic(client):
    topic = make_topic()
    client.force_login(make_user())

    answer = reply(client, topic)

    post = Post.objects.get(topic=topic, number=2)
    assert answer.status_code == 302
    assert answer.url == f"/posts/{post.pk}/"
    assert "It was open on Monday." in client.get(topic.get_absolute_url()).text


def test_a_reply_counts_for_topic_subforum_and_author(client):
    topic, member = make_topic(), make_user()
    client.force_login(member)

    reply(client, topic)

    topic.refresh_from_db()
    member.refresh_from_db()
    assert (topic.posts_count, topic.last_number, topic.subforum.posts_count) == (2, 2, 2)
    assert topic.last_post.author == member
    assert topic.subforum.last_post_id == topic.last_post_id
    assert member.posts_count == 1


def test_the_same_form_sent_twice_makes_one_post(client):
    topic, key = make_topic(), uuid.uuid4()
    client.force_login(make_user())

    first = reply(client, topic, idempotency_key=key)
    second = reply(client, topic, idempotency_key=key)

    assert first.url == second.url
    assert topic.posts.count() == 2


def test_the_same_key_in_another_place_is_not_the_same_post(client):
    first, other, key = make_topic(), make_topic(), uuid.uuid4()
    client.force_login(make_user())
    reply(client, first, idempotency_key=key)

    answer = reply(client, other, idempotency_key=key)

    assert answer.status_code == 409
    assert "It was open on Monday." in answer.text
    assert (first.posts.count(), other.posts.count()) == (2, 1)


def test_the_key_of_a_reply_opens_no_topic_and_that_of_a_topic_no_other():
    member, topic = make_user(), make_topic(title="Torugart in June")
    replied, opened = uuid.uuid4(), uuid.uuid4()
    posts.reply(member, topic, source="Open.", idempotency_key=replied)
    posts.open_topic(member, topic.subforum, title="Irkeshtam in June", source="Open?", idempotency_key=opened)

    for title, source, key in [
        ("Irkeshtam in July", "Open?", opened), ("Irkeshtam in June", "Open.", replied),
        ("Torugart in June", "Open.", replied),
    ]:  # fmt: skip
        with pytest.raises(posts.SentBefore):
            posts.open_topic(member, topic.subforum, title=title, source=source, idempotency_key=key)
    with pytest.raises(posts.SentBefore):
        posts.reply(member, topic, source="Open?", idempotency_key=opened)

    assert Topic.objects.count() == 2
    assert Post.objects.filter(author=member).count() == 2


def test_the_same_form_with_another_text_is_a_question_and_shows_both(client):
    topic, key = make_topic(), uuid.uuid4()
    client.force_login(make_user())
    reply(client, topic, "The first text.", idempotency_key=key)

    answer = reply(client, topic, "The second text.", idempotency_key=key)

    assert answer.status_code == 409
    assert "The first text." in answer.text
    assert "The second text." in answer.text
    assert topic.posts.count() == 2


def test_preview_shows_the_text_as_it_will_look_and_writes_nothing(client):
    topic = make_topic()
    client.force_login(make_user())

    answer = reply(client, topic, "The gate is **open**.", preview="1")

    assert "<strong>open</strong>" in answer.text
    assert "The gate is **open**." in answer.text
    assert topic.posts.count() == 1


@pytest.mark.parametrize("source", ["", "   \n ", "x" * 20_001, "> " * 30 + "deep"])
def test_what_cannot_be_posted_is_said_and_nothing_is_lost(client, source):
    topic = make_topic()
    client.force_login(make_user())

    answer = reply(client, topic, source)

    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert source.strip()[:200].replace(">", "&gt;") in answer.text
    assert topic.posts.count() == 1


def test_a_visitor_writes_first(client):
    topic = make_topic()

    answer = client.get(f"/topics/{topic.pk}/reply/")

    assert "Write first" in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_nobody_but_moderators_replies_in_a_locked_topic(client):
    topic, moderator = make_topic(locked_at=now()), make_user()
    topic.subforum.moderators.add(moderator)

    client.force_login(make_user())
    refused = reply(client, topic)
    client.force_login(moderator)
    allowed = reply(client, topic)

    assert (refused.status_code, allowed.status_code) == (403, 302)


def test_a_suspended_member_reads_but_does_not_write(client):
    topic = make_topic()
    client.force_login(make_user(suspended_until=now().replace(year=now().year + 1)))

    assert client.get(topic.get_absolute_url()).status_code == 200
    assert reply(client, topic).status_code == 403


def test_what_a_stranger_may_not_read_is_not_there(client):
    topic = make_topic(hidden_at=now())
    client.force_login(make_user())

    assert reply(client, topic).status_code == 404


def test_members_do_not_post_where_only_staff_announces(client):
    subforum = make_subforum(access="announcements")
    client.force_login(make_user())

    answer = client.post(f"/forums/{subforum.slug}/new/", {"title": "A notice of mine", "source": "Hello"})

    assert answer.status_code == 403
    assert not Topic.objects.exists()


def test_quoting_puts_the_words_and_their_author_into_the_composer(client):
    post = make_post(source="Bring cash.", author=make_user(username="yak_rider"))
    client.force_login(make_user())

    answer = client.get(f"/topics/{post.topic_id}/reply/?quote={post.pk}")

    assert f"(/posts/{post.pk}/)" in answer.text
    assert "&gt; Bring cash." in answer.text


def test_fields_that_are_not_the_writers_have_no_effect(client):
    topic, member = make_topic(), make_user()
    client.force_login(member)

    reply(client, topic, author=1, number=99, html="<b>x</b>", hidden_at="2020-01-01", helpful_count=500)

    post = topic.posts.get(number=2)
    assert (post.author, post.hidden_at, post.helpful_count) == (member, None, 0)
    assert "<b>" not in post.html


@pytest.mark.parametrize(("change", "status"), [("locked_at", 403), ("hidden_at", 404)])
def test_whoever_wrote_while_the_topic_was_closed_gets_the_text_back(client, change, status):
    topic = make_topic()
    Topic.objects.update(**{change: now()})
    client.force_login(make_user())

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "Two hours of typing", "seen": "1"})

    assert answer.status_code == status
    assert "Two hours of typing" in answer.text


def test_a_line_end_counts_as_one_character_as_in_the_browser(client):
    client.force_login(make_user())
    lines = "\r\n".join(["x" * 99] * 200)  # 19,999 characters in the field

    assert reply(client, make_topic(), source=lines).status_code == 302
    assert len(Post.objects.get(number=2).source) == 19_999


def test_who_wrote_first_and_came_to_the_subforum_last_is_not_its_newest(monkeypatch):
    """As two topics that are answered at once may: the time is taken before the subforum's row is locked."""
    subforum = make_subforum()
    first, second = make_topic(subforum=subforum), make_topic(subforum=subforum)
    before = timezone.now()
    newest = posts.reply(make_user(), first, source="Open.")

    with monkeypatch.context() as patch:
        patch.setattr("forum.actions.posts.timezone.now", lambda: before)
        posts.reply(make_user(), second, source="Shut.")

    subforum.refresh_from_db()
    assert (subforum.last_post_id, subforum.last_post_at) == (newest.pk, newest.written_at)
    assert recount(mend=False) == []


def test_posts_of_a_topic_are_in_the_order_of_their_times_though_a_clock_steps_back(monkeypatch):
    topic = make_topic()
    first = posts.reply(make_user(), topic, source="Open.")

    with monkeypatch.context() as patch:
        patch.setattr("forum.actions.posts.timezone.now", lambda: first.written_at - timedelta(hours=1))
        second = posts.reply(make_user(), topic, source="Shut.")
        third = posts.reply(make_user(), topic, source="Open again.")

    assert first.written_at < second.written_at < third.written_at
    topic.refresh_from_db()
    assert (topic.last_post_id, topic.last_post_at) == (third.pk, third.written_at)
    assert recount(mend=False) == []


def test_of_two_posts_of_one_moment_in_a_subforum_the_later_row_is_its_last(monkeypatch):
    subforum = make_subforum()
    topics = [make_topic(subforum=subforum), make_topic(subforum=subforum)]
    at = timezone.now() + timedelta(seconds=1)

    monkeypatch.setattr("forum.actions.posts.timezone.now", lambda: at)
    written = [posts.reply(make_user(), topic, source="Open.") for topic in reversed(topics)]

    subforum.refresh_from_db()
    assert subforum.last_post_id == written[-1].pk
    assert recount(mend=False) == []
