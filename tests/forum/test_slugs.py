import re
from importlib import import_module

import pytest
from django.apps import apps

from accounts.text.slugs import slug_of
from forum.models import Topic
from tests.forum.factories import make_topic


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Torugart Pass: China to Kyrgyzstan by Bicycle", "torugart-pass-china-to-kyrgyzstan-by-bicycle"),
        ("Kulma/Karasu, what's open?", "kulma-karasu-whats-open"),
        ("काठमांडू से रक्सौल", "काठमांडू-से-रक्सौल"),
        ("ด่านแม่สอดเปิดไหม", "ด่านแม่สอดเปิดไหม"),
        ("မြဝတီ နယ်စပ်", "မြဝတီ-နယ်စပ်"),
        ("ყაზბეგი – ლარსი", "ყაზბეგი-ლარსი"),
        ("مرز باز است؟", "مرز-باز-است"),
        ("吐尔尕特口岸，开了吗？", "吐尔尕特口岸-开了吗"),
        ("???", ""),
        ("_" * 90, ""),
    ],
)
def test_a_slug_keeps_the_vowels_and_marks_of_its_script(title, slug):
    assert slug_of(title) == slug


def test_a_slug_is_never_too_long():
    assert len(slug_of("का" * 200)) == 80


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["काठमांडू से रक्सौल", "ด่านแม่สอดเปิดไหม", "မြဝတီ နယ်စပ်"])
def test_a_topic_answers_at_its_slug_and_leads_there_from_another(client, title):
    topic = make_topic(title=title, slug=slug_of(title))

    answer = client.get(topic.get_absolute_url())
    other = client.get(f"/topics/{topic.pk}-x/")

    assert answer.status_code == 200
    assert other.status_code == 301
    assert client.get(other.url).status_code == 200


@pytest.mark.django_db
def test_a_topic_of_signs_alone_answers_at_its_number(client):
    topic = make_topic(title="???")
    Topic.objects.filter(pk=topic.pk).update(slug=slug_of(topic.title), last_number=30)
    topic.refresh_from_db()

    assert topic.get_absolute_url() == f"/topics/{topic.pk}/"
    assert topic.url_of_page(2) == f"/topics/{topic.pk}/2/"
    answer = client.get(f"/topics/{topic.pk}/")
    assert answer.status_code == 200
    assert re.search(rf'<link rel="canonical" href="[^"]+/topics/{topic.pk}/">', answer.text)
    assert client.get(f"/topics/{topic.pk}/2/").status_code == 200
    for old in (f"/topics/{topic.pk}-topic/", f"/topics/{topic.pk}/1/", f"/topics/{topic.pk}-topic/1/"):
        assert client.get(old).url == f"/topics/{topic.pk}/"
    assert client.get(f"/topics/{topic.pk}-topic/2/").url == f"/topics/{topic.pk}/2/"


@pytest.mark.django_db
def test_the_number_of_a_topic_with_words_leads_to_its_address(client):
    topic = make_topic(title="Torugart")

    assert client.get(f"/topics/{topic.pk}/").url == topic.get_absolute_url()
    assert client.get(f"/topics/{topic.pk}/1/").url == topic.get_absolute_url()


@pytest.mark.django_db
def test_lists_lead_to_the_number_of_a_topic_of_signs(client):
    topic = make_topic(title="???")

    assert topic.slug == ""
    for page in (topic.subforum.get_absolute_url(), "/unanswered/", "/no-reply/"):
        assert f'href="/topics/{topic.pk}/"' in client.get(page).text


@pytest.mark.django_db
def test_topics_that_were_called_topic_for_want_of_words_are_so_no_longer():
    signs, words = make_topic(title="???"), make_topic(title="Topic!")
    Topic.objects.update(slug="topic")

    import_module("forum.migrations.0043_signs_make_no_slug").without_words(apps, None)

    assert Topic.objects.get(pk=signs.pk).slug == ""
    assert Topic.objects.get(pk=words.pk).slug == "topic"
