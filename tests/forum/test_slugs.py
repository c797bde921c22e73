import pytest

from forum.models.topic import slug_of
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
        ("???", "topic"),
        ("_" * 90, "topic"),
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
