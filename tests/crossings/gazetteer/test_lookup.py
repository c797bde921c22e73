"""The forum knows which border is meant: by any spelling, in any script, with mistakes, and when none is meant."""

import time

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.editorial import importer
from crossings.gazetteer import gazetteer, matcher, spelling
from crossings.models import Country, Crossing, CrossingName, Matter, TopicTerms
from crossings.similar import ranking, terms
from tests.chance import examples
from tests.crossings.factories import make_country, make_crossing
from tests.crossings.shortened import shortened
from tests.forum.factories import make_topic


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Torugart in June", "torugart"),
        ("torugart pass", "torugart"),
        ("TORUGART!!!", "torugart"),
        ("Torugrat with a bicycle", "torugart"),
        ("Tourougart with a bicycle", "torugart"),
        ("Toru-Gart with a bicycle", "torugart"),
        ("Торугарт в мае", "torugart"),
        ("через Торугартом", "torugart"),
        ("吐尔尕特口岸开放吗", "torugart"),
        ("Qolma/Kulma in May", "kulma"),
        ("Kyzylart, Kyrgyz side", "kyzyl-art"),
        ("Qizil Art pass", "kyzyl-art"),
        ("Сарпи ночью", "sarp"),
        ("Is Cilvegözü open", "bab-al-hawa"),
        ("Is Cilvegozu open", "bab-al-hawa"),
        ("Naryn to Kashgar, which border?", "torugart"),
        ("Horgos with a bus to Kazakhstan", "khorgos"),
        ("Horgoš to Szeged by bike", "horgos-roszke"),
    ],
)
def test_a_crossing_is_known_by_any_spelling(slug_of, text, slug):
    assert slug_of(text) == slug


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "My chain skips on the small cog",
        "Borders",
        "Is the border open?",
        "A hotel in Almaty",
        "a",
        "吃饭",
    ],
)
def test_no_crossing_is_made_up(slug_of, text):
    assert slug_of(text) is None


@pytest.mark.parametrize(
    ("alone", "beside"),
    [
        ("I like to hum a tune", "Hum border by bike"),
        ("I like to hum a tune", "Hum to Montenegro"),
        ("Painting a red bridge", "Red Bridge, Georgia to Azerbaijan"),
        ("The causeway at low tide", "The Causeway customs at night"),
    ],
)
def test_an_everyday_word_counts_only_beside_a_place_or_a_border(slug_of, alone, beside):
    assert slug_of(alone) is None
    assert slug_of(beside) is not None


def test_a_country_decides_between_two_of_one_name(slug_of):
    assert slug_of("Dostyk, Uzbekistan side") == "dostuk-dustlik"
    assert slug_of("Dostyk, China side") == "dostyk-alashankou"


def test_a_word_of_the_site_is_no_name(known):
    everyday = [word for word in spelling.ordinary_words() if known.best(word) is not None]

    assert everyday == []


# --- What holds for any text ---


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert spelling.fold(spelling.fold(text)) == spelling.fold(text)


@given(st.text())
def test_words_are_letters_in_folded_form(text):
    assert all(word and word == spelling.fold(word) for word in spelling.words(text))


@given(text=st.text(max_size=2_000) | st.text(max_size=50).map(lambda text: text * 120))
def test_any_text_is_answered_within_a_bound(text):
    known = _small()
    begun = time.process_time()

    known.best(text)

    assert time.process_time() - begun < 0.2


LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzкульм吐尔尕特 -'", min_size=2, max_size=30)


@settings(max_examples=examples(200))
@given(new=LETTERS)
def test_a_new_name_never_loses_another(new):
    before = _small()
    after = _small(new=new)

    lost = [
        name
        for name in ("Kulma", "Qolma", "Кульма", "吐尔尕特", "Torugart", "Ak-Tilek")
        if spelling.key(name) != spelling.key(new) and before.best(name) != after.best(name)
    ]

    assert lost == []


def _small(new=""):
    rows = [
        ("kulma", "Kulma Pass", ["Kulma", "Qolma", "Кульма"]),
        ("torugart", "Torugart Pass", ["Torugart", "吐尔尕特"]),
        ("ak-tilek", "Ak-Tilek", ["Ak-Tilek"]),
        ("other", "Other Gate", [new] if new else []),
    ]
    crossings = [
        {
            "pk": pk, "slug": slug, "name": name, "posts": ["", ""], "towns": [], "countries": ("CN", "KG"),
            "names": [(text, False) for text in typed],
        }
        for pk, (slug, name, typed) in enumerate(rows)
    ]  # fmt: skip
    return gazetteer.Gazetteer(crossings, {}, {})


# --- In every process, as soon as names change ---


@pytest.mark.django_db
def test_a_match_is_the_crossing():
    make_crossing(slug="arch", name="Arkadash", names=("Аркадаш",))

    found = matcher.match("Arkadash in May")

    assert found == Crossing.objects.get(slug="arch")
    assert (found.name, found.country_a_id) == ("Arkadash", "CN")


@pytest.mark.django_db
def test_the_loaded_file_is_known_at_once(tmp_path):
    assert matcher.match("Torugart in May") is None

    importer.load(shortened(tmp_path, ",KG,"))

    assert matcher.match("Torugart in May").slug == "torugart"


@pytest.mark.django_db
def test_names_are_read_again_when_they_change():
    crossing = make_crossing(name="Arkadash")
    assert matcher.match("Zumradkul in May") is None

    name = CrossingName.objects.create(crossing=crossing, text="Zumradkul")
    assert matcher.match("Zumradkul in May") == crossing

    name.delete()
    assert matcher.match("Zumradkul in May") is None


@pytest.mark.django_db
def test_towns_and_countries_are_read_again_when_they_change():
    crossing = make_crossing(name="Arkadash")
    Crossing.objects.filter(pk=crossing.pk).update(towns=["Ulugdara", "Kichidara"])
    assert matcher.match("Ulugdara to Kichidara") == crossing

    Country.objects.filter(pk="KG").update(name="Narnia")
    assert "narnia" in matcher.current().countries


@pytest.mark.django_db
def test_where_a_crossing_lies_is_read_again_when_it_changes():
    crossing = make_crossing(name="Arkadash")
    assert matcher.current().places[crossing.pk].kind == Crossing.Kind.ROAD

    Crossing.objects.filter(pk=crossing.pk).update(latitude=41.5, longitude=75.25, kind=Crossing.Kind.RAIL)

    assert matcher.current().places[crossing.pk].point == (41.5, 75.25)
    assert matcher.current().places[crossing.pk].kind == Crossing.Kind.RAIL


@pytest.mark.django_db
def test_matters_come_with_the_names_and_nothing_is_added_to_them_later():
    topic = make_topic(title="Where my yak sleeps")
    matter = Matter.objects.create(name="Yaks", words="yak yaks")
    kept = matcher.current()
    before = set(vars(kept))

    terms.write([topic.pk])
    ranking.similar_topics("Where two yaks sleep")

    assert matcher.current() is kept
    assert set(vars(kept)) == before
    assert kept.matters["yaks"] == [matter.pk]
    assert TopicTerms.objects.get(topic=topic).title_matters == [matter.pk]


@pytest.mark.django_db(transaction=True)
def test_names_of_a_change_that_was_taken_back_are_not_kept():
    crossing = make_crossing(name="Arkadash")

    with transaction.atomic():
        CrossingName.objects.create(crossing=crossing, text="Zumradkul")
        assert matcher.match("Zumradkul") == crossing
        transaction.set_rollback(True)
    CrossingName.objects.create(crossing=crossing, text="Qorabulak")

    assert matcher.match("Zumradkul") is None
    assert matcher.match("Qorabulak") == crossing


@pytest.mark.django_db
def test_what_does_not_concern_names_costs_no_reading_again():
    crossing = make_crossing(name="Arkadash")
    kept = matcher.current()

    Crossing.objects.filter(pk=crossing.pk).update(reports_count=3)

    assert matcher.current() is kept


@pytest.mark.django_db
def test_a_title_that_names_none_is_about_what_its_first_sentence_names():
    crossing = make_crossing(name="Arkadash")

    assert matcher.find("Is it open?", "We are at Arkadash. Then on to Zumrad.") == crossing.pk
    assert matcher.find("Is it open?", "We are tired. Arkadash is far.") is None


@pytest.mark.django_db
def test_a_title_may_name_two():
    first, second = make_crossing(name="Arkadash"), make_crossing(name="Zumradkul")

    assert matcher.find_all("Arkadash or Zumradkul in May?") == [first.pk, second.pk]


# --- Names that are none alone ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [("Red Bridge", "everyday word"), ("Um", "too short"), ("Tokmok", "town of another"), ("Qolma", "")],
)
def test_a_name_is_refused_if_it_means_something_else(text, words):
    make_country("KZ")
    make_crossing(name="Sartobe", towns=["Tokmok"])
    crossing = make_crossing(name="Arkadash")

    refused = spelling.refusal(text, crossing)

    assert words in refused
    assert bool(refused) == bool(words)


@pytest.mark.django_db
def test_loading_marks_names_that_are_everyday_words():
    importer.load()

    marked = set(CrossingName.objects.filter(needs_context=True).values_list("text", flat=True))

    assert {"Hum", "Red Bridge", "Causeway", "Termez"} <= marked
    assert not marked & {"Torugart Pass", "Qolma", "Кульма", "Korday / Ak-Zhol", "Horgos"}
