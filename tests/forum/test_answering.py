"""Which replies are answers, and until when."""

import pytest
from django.utils import timezone

from accounts.models import ExpertBadge
from forum.actions import answers
from forum.counters.recount import recount
from forum.models import Answer, Post, Reaction, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic, now
from tests.pages import plain, titles_on

pytestmark = pytest.mark.django_db


def make_expert():
    expert = make_user()
    staff = make_user(is_staff=True)
    ExpertBadge.objects.create(user=expert, title="China expert", given_by=staff, given_at=timezone.now())
    return expert


def accept(client, user, post):
    client.force_login(user)
    return client.post(f"/posts/{post.pk}/accept/")


def test_whoever_asked_accepts_an_answer(client):
    post = make_post()

    answer = accept(client, post.topic.author, post)
    page = client.get(post.topic.get_absolute_url()).text

    assert answer.url == f"/posts/{post.pk}/"
    assert f"Accepted</a> by {post.topic.author.username}" in plain(page)
    assert Topic.objects.get(pk=post.topic_id).answers_count == 1


def test_accepting_twice_changes_nothing_and_several_may_stand(client):
    post = make_post()
    other = make_post(topic=post.topic)

    for reply in (post, post, other):
        accept(client, post.topic.author, reply)

    assert Answer.objects.count() == 2
    assert Topic.objects.get(pk=post.topic_id).answers_count == 2
    assert recount(mend=False) == []


def test_an_answer_is_withdrawn_and_stays_as_history(client):
    post = make_post()
    accept(client, post.topic.author, post)

    for _ in range(2):
        client.post(f"/posts/{post.pk}/unaccept/")

    answer = Answer.objects.get()
    assert (answer.withdrawn_by, answer.withdrawn_at is None) == (post.topic.author, False)
    assert Topic.objects.get(pk=post.topic_id).answers_count == 0
    history = client.get(f"/topics/{post.topic_id}/answers/").text
    assert "Withdrawn by" in history
    assert accept(client, post.topic.author, post).status_code == 302
    assert Answer.objects.count() == 2


def test_an_expert_answer_says_so_on_the_page_and_in_lists(client):
    post = make_post(author=make_expert())
    answers.accept_answer(post.topic.author, post)

    page = client.get(post.topic.get_absolute_url()).text
    listed = client.get(post.topic.subforum.get_absolute_url()).text

    assert "Expert answer" in page
    assert "Expert answer" in listed


def test_the_answer_says_for_how_many_it_still_holds_and_since_when(client):
    post = make_post()
    answers.accept_answer(post.topic.author, post)
    for kind in ("still_true", "still_true", "outdated", "outdated", "outdated"):
        client.force_login(make_user(trust=1))
        client.post(f"/posts/{post.pk}/react/{kind}/")

    page = client.get(post.topic.get_absolute_url()).text

    assert "Still true for 2 travellers, last on" in page
    assert "Outdated for 3, last on" in page


def test_the_date_goes_with_the_reaction_that_gave_it(client):
    post, member = make_post(), make_user(trust=1)
    client.force_login(member)
    client.post(f"/posts/{post.pk}/react/still_true/")
    assert Post.objects.get(pk=post.pk).still_true_at == Reaction.objects.get().given_at

    client.post(f"/posts/{post.pk}/unreact/still_true/")

    assert Post.objects.get(pk=post.pk).still_true_at is None
    assert recount(mend=False) == []


def test_recount_finds_a_wrong_date():
    post = make_post()
    Post.objects.filter(pk=post.pk).update(outdated_at=now())

    assert [drift.counter for drift in recount(mend=True)] == ["outdated_at"]
    assert recount(mend=False) == []


def test_answered_and_unanswered_lists(client):
    answered, waiting = make_post().topic, make_topic(title="Nobody knows this one")
    answers.accept_answer(answered.author, answered.posts.get(number=2))

    def titles(url):
        return titles_on(client.get(url))

    assert titles("/answered/") == [answered.title]
    assert titles(f"{answered.subforum.get_absolute_url()}?tab=answered") == [answered.title]
    assert titles("/unanswered/") == [waiting.title]


def test_an_answer_that_is_withdrawn_as_a_post_counts_no_longer(client):
    post = make_post()
    answers.accept_answer(post.topic.author, post)
    client.force_login(post.author)

    client.post(f"/posts/{post.pk}/withdraw/")

    assert Topic.objects.get(pk=post.topic_id).answers_count == 0
    assert recount(mend=False) == []
    assert "Answered" not in client.get(post.topic.subforum.get_absolute_url()).text.split("</nav>")[-1]


def test_only_whoever_asked_and_moderators_accept(client):
    post, moderator = make_post(), make_user()
    post.topic.subforum.moderators.add(moderator)

    assert accept(client, post.author, post).status_code == 403
    assert accept(client, make_user(), post).status_code == 403
    assert accept(client, moderator, post).status_code == 302


def test_in_a_locked_topic_only_moderators_accept(client):
    post = make_post()
    Topic.objects.update(locked_at=now())

    assert accept(client, post.topic.author, post).status_code == 403
    assert accept(client, make_user(is_staff=True), post).status_code == 302


def test_a_question_is_no_answer_to_itself(client):
    topic = make_topic()

    assert accept(client, topic.author, topic.opening_post).status_code == 403


def test_a_visitor_is_sent_to_sign_in_and_comes_back_to_the_post(client):
    post = make_post()

    assert client.post(f"/posts/{post.pk}/accept/").url.startswith("/account/login/")
    client.force_login(post.topic.author)
    assert client.get(f"/posts/{post.pk}/accept/").url == f"/posts/{post.pk}/"
    assert not Answer.objects.exists()


def test_the_answers_of_a_topic_one_may_not_read_are_not_found(client):
    topic = make_topic(hidden_at=now())

    assert client.get(f"/topics/{topic.pk}/answers/").status_code == 404
