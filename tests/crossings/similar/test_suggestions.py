"""The composer says what the forum has on a title, and never stops anybody from posting."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from crossings.models import DuplicateSaved, Matter, Status, TermState, TopicTerms
from crossings.similar import suggestions, tasks, terms
from forum.actions import answers
from forum.models import Subforum, Topic
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossing():
    return make_crossing(name="Arkadash Pass", names=("Arkadash",), editors_status=Status.LIMITED)


@pytest.fixture
def writer(client):
    user = make_user()
    client.force_login(user)
    return user


def suggest(client, subforum, title, **more):
    terms.catch_up()  # as the worker does
    return client.post(f"/forums/{subforum.slug}/suggestions/", {"title": title, **more})


def answered(topic):
    answers.accept_answer(topic.author, make_post(topic=topic))
    return topic


def test_what_was_asked_and_not_answered_is_never_said_to_be(client, writer, crossing):
    alone, talked = (make_topic(title="Arkadash with a bicycle in winter") for _ in range(2))
    make_post(topic=talked)

    page = suggest(client, alone.subforum, "Arkadash with a bicycle in winter").content.decode()

    assert "This may already be answered" not in page
    assert "data-answer" not in page
    assert page.index("Asked already, without an answer yet") < page.index("Asked already, no reply yet")
    assert "1 reply" in page


def test_the_crossing_and_the_answer_are_shown(client, writer, crossing):
    topic = answered(make_topic(title="Arkadash with a bicycle in winter"))
    make_topic(title="Arkadash: hours at the weekend")

    page = suggest(client, topic.subforum, "Arkadash in winter, by bicycle?").content.decode()

    assert "Arkadash Pass" in page
    assert "Restricted" in page
    assert page.index("This may already be answered") < page.index("in winter") < page.index("Also about Arkadash Pass")
    assert page.index("Also about Arkadash Pass") < page.index("hours at the weekend")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "Torugart by bus?"}, "Torugart by bus?"),
        ({"posts_count": 42}, "41 replies"),
        ({"answers_count": 2}, "Answered"),
    ],
)
def test_a_suggestion_shows_its_topic_as_it_is_now(client, writer, crossing, change, words):
    """It is a fragment by what it shows; nothing else tells of these changes."""
    topic = make_topic(title="Torugart by bicycle?")
    before = suggest(client, topic.subforum, "Torugart by bicycle").text

    Topic.objects.filter(pk=topic.pk).update(**change)

    assert words not in before
    assert words in suggest(client, topic.subforum, "Torugart by bicycle").text


def test_at_most_two_may_be_the_answer(client, writer, crossing):
    topics = [answered(make_topic(title="Arkadash with a bicycle in winter")) for _ in range(4)]

    page = suggest(client, topics[0].subforum, "Arkadash with a bicycle in winter").content.decode()

    assert page.count(" data-answer") == 2
    assert page.count(" data-suggestion") == 4


@pytest.mark.parametrize("title", ["", "Ar", "My chain skips on the small cog again"])
def test_too_little_or_something_else_leaves_the_panel_empty(client, writer, crossing, title):
    topic = make_topic(title="Arkadash with a bicycle")

    assert suggest(client, topic.subforum, title).content.decode().strip() == ""


@pytest.mark.parametrize("title", ["Carnet", "carnet?", "EES"])
def test_a_title_of_one_word_finds_topics(client, writer, title):
    topic = make_topic(title="Fingerprints by EES, and the carnet")
    terms.catch_up()
    terms.count_terms()

    assert topic.title in suggest(client, topic.subforum, title).text


def test_without_a_crossing_topics_about_the_countries_are_suggested(client, writer):
    make_country("CN", "China"), make_country("KG", "Kyrgyzstan")
    Matter.objects.get_or_create(name="Bicycle", defaults={"words": "bicycle"})  # tests with real commits leave none
    make_crossing(name="Arkadash Pass", names=("Arkadash",))
    make_crossing(name="Zumradkul")
    topic = make_topic(title="Arkadash with a bicycle in winter")
    make_topic(title="A bicycle in winter")

    page = suggest(client, topic.subforum, "Bicycle in winter from Kyrgyzstan to China").text

    assert "Also about <bdi>China</bdi> and <bdi>Kyrgyzstan</bdi>" in page
    assert topic.title in page


def test_titles_are_escaped(client, writer, crossing):
    topic = make_topic(title="Arkadash <b>bold</b> & more")

    page = suggest(client, topic.subforum, "Arkadash is bold").content.decode()

    assert "&lt;b&gt;bold" in page
    assert "<b>bold" not in page


def test_suggestions_obey_the_writers_access(client, writer, crossing):
    here = make_subforum()
    make_topic(
        title="Arkadash for staff",
        subforum=make_subforum(access=Subforum.Access.STAFF),
        author=make_user(is_staff=True),
    )
    hidden = make_topic(title="Arkadash and hidden")
    Topic.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())

    page = suggest(client, here, "Arkadash for anybody").content.decode()

    assert "for staff" not in page
    assert "and hidden" not in page


def test_who_may_not_open_a_topic_there_is_told_nothing(client, writer):
    assert suggest(client, make_subforum(access=Subforum.Access.STAFF), "Arkadash is open?").status_code == 404
    assert suggest(client, make_subforum(access=Subforum.Access.ANNOUNCEMENTS), "Arkadash is open?").status_code == 403


def test_a_visitor_is_sent_to_sign_in(client):
    assert suggest(client, make_subforum(), "Arkadash is open?").status_code == 302


def test_asking_too_often_is_refused(client, writer, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"suggest": "1/1h"}
    subforum = make_subforum()
    suggest(client, subforum, "Arkadash is open?")

    assert suggest(client, subforum, "Arkadash is open?").status_code == 429


# --- Topics of an import are read by a task ---


def enqueued():
    return DBTaskResult.objects.filter(task_path=tasks.catch_up.module_path)


def bulk(*titles):
    """Topics as an import writes them: past every signal."""
    subforum, author, now = make_subforum(), make_user(), timezone.now()
    return Topic.objects.bulk_create(
        Topic(subforum=subforum, title=title, slug="t", author=author, opened_at=now, last_post_at=now)
        for title in titles
    )


def ask(client, title):
    return client.post(f"/forums/{make_subforum().slug}/suggestions/", {"title": title}).text


def test_the_composer_answers_with_what_is_there_and_leaves_an_import_to_one_task(client, writer, crossing):
    make_topic(title="Arkadash: hours at the weekend")
    terms.catch_up()
    bulk("Arkadash with a bicycle", "Arkadash by bus")

    pages = [ask(client, "Arkadash, is it open?") for _ in range(3)]

    assert ["hours at the weekend" in page for page in pages] == [True] * 3
    assert not any("bicycle" in page for page in pages)
    assert TopicTerms.objects.count() == 1
    assert enqueued().count() == 1


def test_when_the_task_is_done_the_import_is_suggested_and_the_next_one_gets_another(client, writer, crossing):
    bulk("Arkadash with a bicycle", "Arkadash by bus")
    ask(client, "Arkadash, is it open?")

    tasks.catch_up.call()

    assert "Arkadash with a bicycle" in ask(client, "Arkadash, is it open?")
    assert enqueued().count() == 1
    bulk("Arkadash on a yak")
    ask(client, "Arkadash, is it open?")
    assert enqueued().count() == 2


def test_a_large_import_is_read_by_several_tasks_one_after_the_other(client, writer, crossing, monkeypatch):
    monkeypatch.setattr(terms, "FILL_AT_ONCE", 2)
    bulk(*(f"Arkadash, question {number}" for number in range(5)))

    tasks.catch_up.call()
    assert (TopicTerms.objects.count(), enqueued().count()) == (2, 1)
    tasks.catch_up.call()
    tasks.catch_up.call()

    assert (TopicTerms.objects.count(), enqueued().count()) == (5, 2)
    assert not terms.is_behind()


def test_a_task_that_failed_is_enqueued_again_after_an_hour(client, writer, crossing):
    bulk("Arkadash with a bicycle")
    ask(client, "Arkadash, is it open?")
    ask(client, "Arkadash, is it open?")
    assert enqueued().count() == 1

    TermState.objects.update(catching_up_since=timezone.now() - terms.CLAIM_LAPSES - timedelta(seconds=1))
    ask(client, "Arkadash, is it open?")

    assert enqueued().count() == 2


# --- In the composer ---


def test_the_preview_without_script_has_the_same_panel(client, writer, crossing):
    topic = make_topic(title="Arkadash with a bicycle in winter")
    form = {"title": "Arkadash in winter, by bicycle?", "source": "Is it open?", "preview": "1"}

    page = client.post(f"/forums/{topic.subforum.slug}/new/", form).content.decode()

    assert "Is one of these your question?" in page
    assert topic.get_absolute_url() in page
    assert "Post topic" in page


def test_an_empty_composer_has_an_empty_panel_that_is_read_out_when_it_fills(client, writer):
    page = client.get(f"/forums/{make_subforum().slug}/new/").content.decode()

    assert page.count('aria-live="polite" data-suggest') == 1
    assert "Is one of these" not in page


def test_a_duplicate_may_be_posted_all_the_same(client, writer, crossing):
    topic = make_topic(title="Arkadash with a bicycle in winter")
    form = {"title": topic.title, "source": "Is it open?"}

    asked = client.post(f"/forums/{topic.subforum.slug}/new/", form).text
    shown = re.search(r'name="same_titled" value="([^"]*)"', asked)[1]
    client.post(f"/forums/{topic.subforum.slug}/new/", form | {"same_titled": shown})

    assert Topic.objects.filter(title=topic.title).count() == 2


# --- Duplicates saved ---


def test_leaving_for_a_suggestion_counts_once_a_day(client, writer):
    topic = make_topic()

    for _ in range(2):
        assert client.post(f"/topics/{topic.pk}/suggested/", {"answer": "1"}).status_code == 204

    saved = DuplicateSaved.objects.get()
    assert (saved.member, saved.topic, saved.was_answer) == (writer, topic, True)
    assert suggestions.saved_since(7) == {"count": 1, "answers": 1, "days": 7}


def test_a_suspended_member_is_not_counted(client):
    client.force_login(make_user(suspended_until=timezone.now() + timedelta(days=1)))

    assert client.post(f"/topics/{make_topic().pk}/suggested/").status_code == 403
    assert not DuplicateSaved.objects.exists()


def test_what_a_member_may_not_read_is_not_counted(client, writer):
    topic = make_topic(subforum=make_subforum(access=Subforum.Access.STAFF), author=make_user(is_staff=True))

    assert client.post(f"/topics/{topic.pk}/suggested/").status_code == 404
    assert not DuplicateSaved.objects.exists()


def test_a_visitors_get_writes_nothing(client):
    topic = make_topic()

    assert client.get(f"/topics/{topic.pk}/suggested/").status_code == 405
    assert not DuplicateSaved.objects.exists()


def test_staff_see_what_was_saved(client):
    topic = make_topic(title="Arkadash with a bicycle")
    suggestions.count_saved(make_user(), topic, was_answer=False)
    client.force_login(make_user(is_staff=True))

    page = client.get("/staff/similar-topics/").content.decode()

    assert "1</b><span" in page
    assert "Arkadash with a bicycle" in page


def test_others_see_no_figures(client, writer):
    assert client.get("/staff/similar-topics/").status_code == 403
