"""The rules by which a text is about a crossing, or about none."""

import pytest

from crossings.gazetteer import lookup, matcher
from crossings.models import Crossing
from crossings.similar.ranking import similar_topics
from tests.crossings.factories import make_crossing


@pytest.mark.parametrize(
    "text",
    ["Navoi is a fine city in Uzbekistan", "Termez museum in Uzbekistan", "Razi, a poet of Iran"],
)
def test_a_country_alone_makes_no_border_of_a_name_that_is_also_something_else(slug_of, text):
    assert slug_of(text) is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Going over Hum into Montenegro", "scepan-polje"),
        ("Vale into Turkey with a van", "vale-turkgozu"),
        ("Razi, from Van by train", "razi-kapikoy"),
        ("Hum between Montenegro and Bosnia", "scepan-polje"),
        ("Termez Grenzübergang", "hairatan"),
        ("Термез граница", "hairatan"),
        ("Red Bridge, a night in Georgia", "red-bridge"),
    ],
)
def test_it_counts_beside_a_word_of_borders_or_where_somebody_goes(slug_of, text, slug):
    assert slug_of(text) == slug


def test_a_word_of_borders_far_off_speaks_of_something_else(slug_of):
    between = "word " * 20

    assert slug_of(f"Border closed. {between} I like to hum") is None
    assert slug_of("Border at Hum closed") == "scepan-polje"


def test_two_words_may_mean_something_else_together(slug_of):
    assert slug_of("A border collie that likes to hum") is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Korrday at dawn", "korday"), ("Kullma by truck", "kulma"), ("Tashhanta in May", "tashanta")],
)
def test_doubled_letters_are_one(slug_of, text, slug):
    assert slug_of(text) == slug


@pytest.mark.parametrize(
    "text",
    [
        "Dear all, we are new here",
        "Bus from Tbilisi to Mestia",
        "Lassi in Lahore",
        "Wie soll man das löschen",
        "Dit wachtwoord bevat alleen cijfers",
    ],
)
def test_a_short_sound_and_a_short_word_with_a_mistake_are_no_name_alone(slug_of, text):
    assert slug_of(text) is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Wagas gate, border hours", "wagah"), ("Kulna in Tajikistan", "kulma"), ("Tchernayevka by taxi", "gisht-kuprik")],
)
def test_they_are_beside_a_border_word_or_a_country(slug_of, text, slug):
    assert slug_of(text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Torogard in early spring", "torugart"),
        ("Kakarbitha with an e-visa", "kakarbhitta"),
        ("Irgeshtan by lorry", "irkeshtam"),
        ("Turugard with a tandem", "torugart"),
    ],
)
def test_voiced_and_voiceless_letters_are_heard_for_each_other(slug_of, text, slug):
    assert slug_of(text) == slug


@pytest.mark.parametrize("text", ["Target in early spring", "A cockpit with a view", "Trekkers in the garden"])
def test_words_of_few_consonants_are_heard_for_no_name(slug_of, text):
    assert slug_of(text) is None


def test_a_name_without_its_brackets_needs_a_country(slug_of):
    assert slug_of("Friendship Bridge, Bulgarian toll") == "giurgiu-ruse"
    assert slug_of("Friendship Bridge") is None


def test_a_town_in_cyrillic_is_no_misspelt_name(slug_of):
    assert slug_of("Из Уральска в Самару, граница") == "mashtakovo"


def test_a_misspelling_like_two_spellings_of_one_crossing_counts_once(known):
    scores = known.scores("Irkeshtem by bike")

    assert scores
    assert max(scores.values()) <= 0.8


def test_who_is_greeted_is_no_border(slug_of):
    assert slug_of("Dear Lars, thank you") is None
    assert slug_of("Hi Li! Still on the road?") is None
    assert slug_of("Lars road shut by avalanches") == "lars"
    assert slug_of("Hi Kulma border experts") == "kulma"


def test_a_long_text_is_read_whole_and_still_within_a_bound(slug_of):
    before = "We are a family of four and travel in an old blue van. " * 30

    assert slug_of(before + "Now we wonder about Irkeshtam") == "irkeshtam"
    assert slug_of("Irkeshtam. " + "x" * 100_000) == "irkeshtam"
    assert slug_of("吃饭" * 100_000) is None


def test_flags_are_countries(slug_of):
    assert slug_of("Dostyk 🇺🇿") == "dostuk-dustlik"
    assert slug_of("Dostyk 🇨🇳 by train") == "dostyk-alashankou"


@pytest.mark.django_db
def test_half_a_pair_of_characters_is_no_error():
    make_crossing(name="Arkadash")

    found = matcher.match("\ud83d Arkadash \udc00")

    assert found.name == "Arkadash"
    assert lookup.crossing_named("Arkadash\ud83d") == found
    assert lookup.crossings_like("Arkadash\ud83d", Crossing.objects.all())[0] == found
    assert similar_topics("\ud83d Arkadash \udc00", "in May \ud83d") == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Dostyk, узбекская сторона", "dostuk-dustlik"),
        ("Dostyk, граница Узбекистана", "dostuk-dustlik"),
        ("Dostyk, usbekische Seite", "dostuk-dustlik"),
        ("Dostyk côté ouzbek", "dostuk-dustlik"),
        ("Dostyk, lado chino", "dostyk-alashankou"),
    ],
)
def test_countries_are_known_by_adjective_and_in_any_case(slug_of, text, slug):
    assert slug_of(text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Нарын — Кашгар на джипе", "torugart"),
        ("Батуми — Хопа пешком", "sarp"),
        ("喀什到纳伦", "torugart"),
        ("Амритсар Лахор", "wagah"),
    ],
)
def test_towns_are_known_in_other_scripts(slug_of, text, slug):
    assert slug_of(text) == slug


def test_four_letters_with_a_mistake_are_a_name_beside_a_word_of_borders_only(slug_of):
    assert slug_of("Sarb border Georgia") == "sarp"
    assert slug_of("Tamuu border India") == "moreh-tamu"
    assert slug_of("Sarb is a quiet place") is None
    assert slug_of("Visado para China") is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("2nd Friendship Bridge, Thailand to Laos", "savannakhet"),
        ("Third Thai-Lao bridge by bicycle", "thakhek"),
        ("Friendship Bridge IV, last bus", "chiang-khong"),
        ("Friendship Bridge no. 1 into Laos", "nong-khai"),
        ("The second bridge in Prague", None),
    ],
)
def test_numbered_bridges_are_known_by_any_way_to_write_the_number(slug_of, text, slug):
    assert slug_of(text) == slug


def test_one_town_and_both_countries_say_it(slug_of):
    assert slug_of("From Hopa in Turkey to Georgia") == "sarp"
    assert slug_of("Murghab, from Tajikistan into Kyrgyzstan") == "kyzyl-art"
    assert slug_of("A night in Hopa, Turkey") is None


def test_towns_say_nothing_of_a_flight(slug_of):
    assert slug_of("Naryn to Kashgar") == "torugart"
    assert slug_of("Flight from Naryn to Kashgar") is None


def test_two_towns_on_one_side_say_nothing_without_a_word_of_borders(slug_of):
    assert slug_of("Potholes from Osh to Sary Tash") is None
    assert slug_of("Border queue between Osh and Sary Tash") == "irkeshtam"
    assert slug_of("Osh to Kashgar") == "irkeshtam"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Uganda to South Sudan by road", "elegu-nimule"),
        ("Papua New Guinea to Indonesia by land", "skouw-wutung"),
        ("Guinea to Guinea-Bissau by bike", "buruntuma-kandika"),
    ],
)
def test_a_country_within_the_name_of_another_is_not_meant(slug_of, text, slug):
    assert slug_of(text) == slug


def test_a_stamp_is_a_word_of_borders(slug_of):
    assert slug_of("Stamp fee between Cambodia and Laos") == "veun-kham"


def test_a_ferry_beside_the_name_of_one_says_it(slug_of):
    assert slug_of("Rosso, the last ferry of the day") == "rosso"
    assert slug_of("Ferry from Piraeus to Kos") is None
    assert slug_of("Rosso di Montalcino, a wine") is None


def test_of_two_names_that_are_one_without_accents_the_one_as_it_is_written_is_meant(slug_of):
    assert slug_of("La Linea in the morning") == "la-linea-gibraltar"


def test_a_word_of_the_name_of_a_country_is_no_name(slug_of):
    assert slug_of("Costa Rica, at the border") is None
    assert slug_of("Road works in the Ruta del Desierto") is None


def test_the_only_crossing_between_two_countries_is_suggested_but_not_linked(known, slug_of):
    text = "Kosovo to Montenegro by car"

    assert slug_of(text) == "kula-rozaje"
    assert known.best(text, by_countries=False) is None
    assert slug_of("Armenia to Turkey overland") == "margara-alican"


@pytest.mark.parametrize(
    "text",
    [
        "US citizen: Kosovo to Montenegro by car",
        "🇺🇸 passport, OK? Kosovo to Montenegro by car",
        "AU plates: Kosovo to Montenegro by car",
    ],
)
def test_capitals_and_flags_of_who_one_is_or_of_no_country_here_say_nothing(slug_of, text):
    assert slug_of(text) == "kula-rozaje"


@pytest.mark.parametrize(
    "text",
    [
        "Cheese from Kosovo and Montenegro",
        "Flight from Poland to Ukraine, then by bus",
        "Vietnam to Laos by bike",
        "Kosovo, Montenegro and Albania by car",
    ],
)
def test_two_countries_say_nothing_without_the_road_or_where_there_are_several(slug_of, text):
    assert slug_of(text) is None


def test_a_name_without_its_first_word_is_weaker(slug_of):
    assert slug_of("Kayu Hitam on a Friday") == "sadao"
    assert slug_of("Kolok border by train") == "sungai-kolok"
    assert slug_of("Kolok, a nice word") is None
    assert slug_of("Look at a list") is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Benque border on a Sunday", "melchor-benque"),
        ("Leaving Belize at Benque", "melchor-benque"),
        ("Benque is a quiet place", None),
        ("Visa run from Chiang Mai", None),
        ("Paso border", None),
        ("Rio border", None),
    ],
)
def test_so_is_one_without_its_last_word_unless_many_are_called_so(slug_of, text, slug):
    assert slug_of(text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hani i Hoti with a scooter", "hani-i-hotit"),
        ("Pas de la Cas by bike", "pas-de-la-casa"),
        ("Paso San Frnacisco by bike", "paso-san-francisco"),
        ("Three Pagdoas Pass by bike", "three-pagodas-pass"),
        ("Three Ponies Pass", None),
    ],
)
def test_a_mistake_in_a_name_of_three_words_is_none_in_its_other_words(slug_of, text, slug):
    assert slug_of(text) == slug


def test_a_town_of_hotels_and_sights_is_no_border(slug_of):
    assert slug_of("Homestay in Penjikent with a garden") is None
    assert slug_of("Penjikent by bike") == "jartepa"
    assert slug_of("Hotel in Penjikent near the border") == "jartepa"


@pytest.mark.parametrize(
    "text",
    [
        "Victoria Falls in March, is there spray?", "Los Libertadores, a book about Bolivar", "Rafah in the news",
        "Nogales tacos", "Copacabana beach in Rio", "Brest fortress tickets", "Hostel in Tijuana",
        "San Francisco in June", "Rainbow Bridge for a dog that died", "Nikki and her bike", "Roma termini",
        "Port wine in Porto, where to taste", "Buffalo wings in winter", "Eagle owl at night",
        "Golden Bridge at Da Nang", "Kilimanjaro by the Machame route", "Lake Tanganyika swim",
        "Kaliningrad amber museum", "Ruins of Copan", "Island hopping in Thailand by car",
    ],
)  # fmt: skip
def test_cities_sights_and_persons_are_no_border_by_themselves(slug_of, text):
    assert slug_of(text) is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Victoria Falls border to Zambia", "victoria-falls-bridge"),
        ("Los Libertadores pass closed by snow", "cristo-redentor"),
        ("Nogales crossing with a van", "nogales"),
        ("Chirundu", "chirundu"),
        ("Kazungula bridge", "kazungula"),
        ("La Quiaca to Villazon on foot", "villazon-la-quiaca"),
        ("Peace Arch border wait", "blaine-peace-arch"),
        ("Bike on the bus through Zabaikalsk", "zabaikalsk"),
        ("Sarb border Georgia", "sarp"),
        ("Singapore to Indonesia by boat", "singapore-batam-ferry"),
    ],
)
def test_beside_a_border_word_they_are_and_others_always(slug_of, text, slug):
    assert slug_of(text) == slug


def test_a_country_is_a_country_though_a_post_is_called_so(known):
    assert known.countries_in("Colombia, Singapore, Bahrain and Gibraltar by car") == {"CO", "SG", "BH", "GI"}
