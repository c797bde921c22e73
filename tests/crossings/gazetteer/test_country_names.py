"""A search finds a country by its name in any language and spelling."""

import re

import pytest

from crossings.gazetteer import country_names, query_expansion
from crossings.gazetteer.country_names import CountryNames
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import make_topic

HERE = {
    "KG": ["Kyrgyzstan", "Kyrgyz"], "CN": ["China", "Chinese"], "IR": ["Iran"], "IQ": ["Iraq"], "KZ": ["Kazakhstan"],
    "UZ": ["Uzbekistan"], "TJ": ["Tajikistan"], "TM": ["Turkmenistan"], "MN": ["Mongolia"], "GE": ["Georgia"],
    "TR": ["Turkey"], "BA": ["Bosnia and Herzegovina"], "KR": ["South Korea"], "RU": ["Russia"],
    "MK": ["North Macedonia"], "LA": ["Laos"], "MM": ["Myanmar"], "TH": ["Thailand"], "AM": ["Armenia"],
}  # fmt: skip


@pytest.fixture(scope="module")
def names():
    return CountryNames(HERE, {"torugart", "kulma"})


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Kirgistan", "KG"), ("Кыргызстан", "KG"), ("吉尔吉斯斯坦", "KG"), ("吉爾吉斯", "KG"), ("Kirghizistan", "KG"),
        ("KIRGISTAN", "KG"), ("Kirguistán", "KG"), ("قرقیزستان", "KG"), ("قيرغيزستان", "KG"), ("キルギス", "KG"),
        ("키르기스스탄", "KG"), ("კირგიზეთი", "KG"), ("Ղրղզստան", "KG"), ("किर्गिज़स्तान", "KG"), ("Киргизии", "KG"),
        ("в Кыргызстане", "KG"), ("Kyrgistan", "KG"), ("Kyrgysztan", "KG"), ("kyrgyz visa", "KG"),
        ("Qirgʻiziston", "KG"),
        ("Qirg'iziston", "KG"), ("Kırgızistan", "KG"), ("виза в Киргизию", "KG"), ("Qırğızıstan", "KG"),
        ("中国", "CN"), ("中國", "CN"), ("Китае", "CN"), ("Китаем", "CN"), ("Çin", "CN"), ("Chine", "CN"),
        ("الصين", "CN"), ("中国签证", "CN"), ("去伊朗的签证", "IR"), ("ایران", "IR"), ("Иране", "IR"),
        ("Irak", "IQ"), ("العراق", "IQ"),
        ("Казахстана", "KZ"), ("Қазақстан", "KZ"), ("Kasachstan", "KZ"), ("Oʻzbekiston", "UZ"), ("Ozbekiston", "UZ"),
        ("Узбекистан", "UZ"), ("Usbekistan", "UZ"), ("Tadschikistan", "TJ"), ("Тоҷикистон", "TJ"),
        ("Türkmenistan", "TM"), ("Монгол Улс", "MN"), ("Mongolei", "MN"), ("蒙古", "MN"), ("საქართველო", "GE"),
        ("Грузии", "GE"), ("Georgien", "GE"), ("Türkiye", "TR"), ("Турции", "TR"), ("Turquie", "TR"),
        ("Bosna i Hercegovina", "BA"), ("Bosnien und Herzegowina", "BA"), ("Südkorea", "KR"), ("대한민국", "KR"),
        ("Россия", "RU"), ("России", "RU"), ("俄罗斯", "RU"), ("Rusland", "RU"), ("Nordmazedonien", "MK"),
        ("ລາວ", "LA"), ("ไทย", "TH"), ("Birma", "MM"), ("Հայաստան", "AM"),
    ],
)  # fmt: skip
def test_a_country_is_named_in_any_language_and_spelling(names, query, code):
    assert list(names.named(query)) == [code]


@pytest.mark.parametrize(
    "query",
    ["bread", "a", "", "!!!", "torugart", "kulma", "the", "island", "is it open", "грузить", "pole", "x" * 400],
)
def test_other_words_name_no_country(names, query):
    assert names.named(query) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["how i ran out of fuel", "I ran", "la os", "i raq", "nor way", "to go", "the mong o lia"],
)  # fmt: skip
def test_words_beside_each_other_that_stand_for_themselves_are_no_name(query):
    names = CountryNames({**HERE, "NO": ["Norway"], "TG": ["Togo"]}, set())

    assert names.named(query) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Kyrgyz stan", "KG"), ("South Korea", "KR"), ("Southkorea", "KR"), ("Bosnia and Herzegovina", "BA"),
        ("Bosna i Hercegovina", "BA"), ("Qirg'iziston", "KG"), ("O'zbekiston", "UZ"), ("Oʻzbekiston", "UZ"),
        ("伊 朗", "IR"), ("Монгол Улс", "MN"),
    ],
)  # fmt: skip
def test_a_name_may_be_written_in_its_own_words_or_in_parts(names, query, code):
    assert list(names.named(query)) == [code]


def test_several_countries_are_named_in_the_order_of_the_query(names):
    assert list(names.named("from Казахстан to 吉尔吉斯斯坦 and Tadschikistan")) == ["KZ", "KG", "TJ"]


def test_of_each_country_there_are_names_in_many_languages():
    known = country_names.in_all_languages()

    assert min(len(names) for names in known.values()) >= 10
    assert {"KG", "CN", "KZ", "UZ", "TJ", "IR", "XK"} <= known.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["Kirgistan", "Кыргызстан", "吉尔吉斯斯坦", "Kirghizistan", "is Kirghizistan open"])
def test_the_page_of_a_country_leads_the_results(client, query):
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(name="Torugart Pass")
    make_topic(title="Kyrgyzstan is open", source="All of it.")

    page = client.get("/search/", {"q": query}).text

    assert page.index("/countries/kg/") < page.index("Results")
    assert re.search(r"Country page: 1 crossing\b", page)
    assert crossing.get_absolute_url() not in page
    assert "Kyrgyzstan is open" in re.sub("</?mark>", "", page)


@pytest.mark.django_db
def test_a_country_that_is_left_out_leads_nothing():
    make_country("KG", "Kyrgyzstan")

    assert query_expansion.leads(make_user(), "visa -kyrgyzstan") == []
    assert query_expansion.other_queries("visa -Kirgistan") == []


@pytest.mark.django_db
def test_what_comes_from_a_country_is_asked_for_as_it_was_typed():
    make_country("CN", "China")

    assert query_expansion.other_queries("chinese visa") == []
    assert query_expansion.other_queries("Chine visa") == ['"China" visa']


@pytest.mark.django_db
def test_crossings_of_all_names_of_a_query_with_or_lead_and_are_asked_for():
    first = make_crossing(name="Torugart Pass", names=("Turugart",))
    second = make_crossing(name="Irkeshtam Pass", names=("Erkeshtam",))

    query = "Torugart or irkeshtam bicycle -bus"

    assert [part["crossing"] for part in query_expansion.leads(make_user(), query)] == [first, second]
    asked = query_expansion.other_queries(query)
    assert '"Turugart"' in asked
    assert '"Erkeshtam" bicycle -bus' in asked


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["sarytash", "Sarytash hotel", "SARYTASH"])
@pytest.mark.parametrize("written", ["Sary Tash", "Sary-Tash", "SaryTash"])
def test_a_town_of_two_words_is_found_by_one(client, query, written):
    make_crossing(name="Irkeshtam", towns=["Sary-Tash", "Osh"])
    make_topic(title="Where to sleep", source=f"A hotel in {written} is warm.")

    assert "Where to sleep" in client.get("/search/", {"q": query}).text
