"""What search engines read of a topic: a discussion, or a question with its answers, as plain words."""

import json

import pytest

from forum import actions
from forum.models import Post
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic, now

pytestmark = pytest.mark.django_db


def data_of(client, topic):
    page = client.get(topic.get_absolute_url()).text
    assert page.count("application/ld+json") == 1
    return json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])


def test_a_topic_without_answer_is_a_discussion_in_plain_words(client):
    topic = make_topic(
        author=make_user(trust=2),
        title="Is </script> open?",
        source="**Is** [it](https://a.example/) 5**km**?\n\n- <b>one</b>\n- two",
    )

    data = data_of(client, topic)

    assert data["@type"] == "DiscussionForumPosting"
    assert data["headline"] == "Is </script> open?"
    assert data["text"] == "Is it (a.example) 5km? <b>one</b> two"
    assert data["author"]["url"].startswith("http")
    assert data["url"].startswith("http")
    assert data["datePublished"]


def test_an_accepted_answer_makes_a_question_with_its_answer(client):
    topic = make_topic(title="Is Bedel open?", source="Is it?")
    answers = [make_post(topic=topic, source=text) for text in ("**Yes**, since May.", "Only for trucks.")]
    for answer in answers:
        actions.answers.accept_answer(topic.author, answer)

    data = data_of(client, topic)

    question = data["mainEntity"]
    assert data["@type"] == "QAPage"
    assert (question["@type"], question["name"], question["text"]) == ("Question", "Is Bedel open?", "Is it?")
    assert question["answerCount"] == 2
    assert question["acceptedAnswer"]["text"] == "Yes, since May."
    assert question["acceptedAnswer"]["url"].endswith(f"/posts/{answers[0].pk}/")
    assert question["acceptedAnswer"]["upvoteCount"] == 0
    assert [answer["text"] for answer in question["suggestedAnswer"]] == ["Only for trucks."]


def test_a_withdrawn_or_hidden_answer_is_none(client):
    topic = make_topic()
    answer = make_post(topic=topic, source="A secret answer.")
    actions.answers.accept_answer(topic.author, answer)
    assert data_of(client, topic)["@type"] == "QAPage"

    actions.visibility.hide(make_user(is_staff=True), answer)

    assert data_of(client, topic)["@type"] == "DiscussionForumPosting"
    assert "A secret answer." not in client.get(topic.get_absolute_url()).text


def test_an_answer_that_was_edited_is_shown_as_it_is_now(client):
    topic = make_topic()
    answer = make_post(topic=topic, source="Yes.")
    actions.answers.accept_answer(topic.author, answer)
    data_of(client, topic)

    actions.edits.edit_post(answer.author, answer, source="No.", based_on=0)

    assert data_of(client, topic)["mainEntity"]["acceptedAnswer"]["text"] == "No."


def test_a_hidden_opening_post_says_nothing(client):
    topic = make_topic(source="A secret question.")
    make_post(topic=topic)
    Post.objects.filter(pk=topic.opening_post_id).update(hidden_at=now())

    assert "ld+json" not in client.get(topic.get_absolute_url()).text


def test_what_is_quoted_or_empty_leaves_words_of_the_topic(client):
    topic = make_topic(title="Is Bedel open?", source="> only a quote")

    assert data_of(client, topic)["text"] == "Is Bedel open?"
