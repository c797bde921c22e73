"""What is learnt of suggestions: followed ones without the member, and topics that a moderator called unrelated."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from crossings.models import FollowedSuggestion, SimilarTopic, UnrelatedTopics
from crossings.similar import feedback, stored, terms
from forum.actions import topics
from forum.models import Subforum
from moderation.actions import undo
from moderation.models import ModerationEntry, Verb
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def pair():
    """Two topics, each listed under the other."""
    make_crossing(name="Arkadash Pass", names=("Arkadash",))
    made = [make_topic(title="Arkadash with a bicycle"), make_topic(title="Arkadash with a dog")]
    terms.catch_up()
    for topic in made:
        stored.refresh(topic.pk)
    assert SimilarTopic.objects.count() == 2
    return made


def listed_under(topic):
    return list(SimilarTopic.objects.filter(topic=topic).values_list("other", flat=True))


# --- Followed suggestions ---


def follow(client, topic, title):
    return client.post(f"/topics/{topic.pk}/suggested/", {"title": title})


def test_of_the_title_only_words_of_several_topics_and_places_are_kept(client):
    make_crossing(name="Arkadash Pass", names=("Arkadash",))
    for _ in range(feedback.KNOWN_BY):
        topic = make_topic(title="Crossing with a bicycle in winter")
    make_topic(title="My passport number is secret")
    terms.catch_up()
    terms.count_terms()
    client.force_login(make_user())

    follow(client, topic, "Arkadash in winter, write to hedvig@example.org or +99 555, passport K123")

    kept = FollowedSuggestion.objects.get()
    assert (kept.words, kept.topic, kept.day) == ("arkadash winter", topic, timezone.now().date())
    assert not {field.name for field in kept._meta.fields} & {"member", "user", "author"}


def test_a_title_of_unknown_words_is_not_kept(client):
    topic = make_topic(title="Crossing with a bicycle")
    terms.catch_up()
    client.force_login(make_user())

    answers = [follow(client, topic, title).status_code for title in ("Hedvig Hedvigsen", "", "\x00", "a" * 5_000)]

    assert answers == [204] * 4
    assert not FollowedSuggestion.objects.exists()


def test_the_same_is_kept_once_a_day_and_no_more_than_a_number_each_day(client, monkeypatch):
    make_crossing(name="Arkadash Pass", names=("Arkadash",)), make_crossing(name="Zumradkul")
    topic = make_topic()
    client.force_login(make_user())
    monkeypatch.setattr(feedback, "MOST_A_DAY", 1)

    for title in ("Arkadash?", "Arkadash!", "Zumradkul"):
        follow(client, topic, title)

    assert [kept.words for kept in FollowedSuggestion.objects.all()] == ["arkadash"]


def test_after_a_year_it_is_forgotten():
    topic, today = make_topic(), timezone.now().date()
    for days in (feedback.KEPT_DAYS, feedback.KEPT_DAYS + 1):
        FollowedSuggestion.objects.create(words="winter", topic=topic, day=today - timedelta(days=days))

    feedback.forget_old()

    assert FollowedSuggestion.objects.get().day == today - timedelta(days=feedback.KEPT_DAYS)


# --- Unrelated topics ---


def test_topics_said_to_be_unrelated_are_listed_under_neither(client, moderator, pair):
    topic, other = pair
    versions = [topic.version, other.version]

    page = client.post(f"/topics/{topic.pk}/similar/{other.pk}/unrelated/", follow=True).text

    assert "Said to be unrelated" in page
    assert "Related after all" in page
    assert listed_under(topic) == listed_under(other) == []
    for one, version in zip(pair, versions, strict=True):
        stored.refresh(one.pk)
        one.refresh_from_db()
        assert one.version > version
    assert listed_under(topic) == listed_under(other) == []


def test_they_come_back_when_it_is_taken_back(client, moderator, pair):
    topic, other = pair
    client.post(f"/topics/{topic.pk}/similar/{other.pk}/unrelated/")

    client.post(f"/topics/{other.pk}/similar/{topic.pk}/related/")

    stored.refresh(topic.pk)
    assert listed_under(topic) == [other.pk]
    assert not UnrelatedTopics.objects.exists()


def test_twice_is_one_pair_and_one_entry_and_undo_lists_them_again(client, moderator, pair):
    topic, other = pair
    for one, another in ((topic, other), (topic, other), (other, topic)):
        client.post(f"/topics/{one.pk}/similar/{another.pk}/unrelated/")

    entry = ModerationEntry.objects.get(verb=Verb.MARK_UNRELATED)
    undo.undo(moderator, entry)

    assert not UnrelatedTopics.objects.exists()
    assert "has nothing to do with" in client.get("/moderation/log/").text


def test_a_topic_is_not_unrelated_to_itself(client, moderator, pair):
    topic, _ = pair

    page = client.post(f"/topics/{topic.pk}/similar/{topic.pk}/unrelated/", follow=True).text

    assert "These are one topic." in page
    assert not UnrelatedTopics.objects.exists()


def test_the_database_keeps_a_pair_in_one_order(pair):
    topic, other = pair

    with pytest.raises(IntegrityError), transaction.atomic():
        UnrelatedTopics.objects.create(topic=other, other=topic)


def test_what_a_moderator_may_not_read_is_not_named(client, pair):
    here = pair[0].subforum
    moderator = make_user()
    here.moderators.add(moderator)
    client.force_login(moderator)
    secret = make_topic(
        title="Arkadash for staff",
        subforum=make_subforum(access=Subforum.Access.STAFF),
        author=make_user(is_staff=True),
    )

    answer = client.post(f"/topics/{pair[0].pk}/similar/{secret.pk}/unrelated/")

    assert answer.status_code == 404
    assert secret.title not in client.get(f"/topics/{pair[0].pk}/similar/").text


def test_moderators_come_there_from_the_topics_crossings(client, moderator, pair):
    assert f"/topics/{pair[0].pk}/similar/" in client.get(f"/topics/{pair[0].pk}/crossings/").text
    client.force_login(pair[0].author)
    assert f"/topics/{pair[0].pk}/similar/" not in client.get(f"/topics/{pair[0].pk}/crossings/").text


# --- The evaluation ---


def evaluated(*words):
    out = StringIO()
    call_command("evaluate_similarity", "--from-feedback", *words, stdout=out)
    return out.getvalue()


def test_the_evaluation_measures_on_what_members_and_moderators_did(moderator, pair):
    topic, other = pair
    again = make_topic(title="Arkadash with a bicycle, once more")
    terms.catch_up()
    topics.mark_duplicate(moderator, again, topic)
    FollowedSuggestion.objects.create(words="arkadash dog", topic=other, day=timezone.now().date())
    feedback.mark_unrelated(moderator, topic, other)

    said = evaluated("--missed")

    assert "Followed suggestions:\nMRR@5           1.000" in said
    assert "Topics asked before:\nMRR@5           1.000" in said
    assert "Unrelated shown 1.000" in said
    assert f"finds topic {other.pk}" in said


def test_without_any_feedback_it_says_so():
    assert evaluated().startswith("Nobody followed a suggestion yet")
