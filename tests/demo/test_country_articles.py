"""The demo's articles: six countries, marked as demo text, whose links lead to crossings that are there."""

import re

import pytest

from crossings.editorial import articles, importer
from crossings.models import ArticleRevision, Country, Crossing
from demo.country_articles import AS_OF, FOLDER, plant_articles
from tests.factories import make_user
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
TEXTS = {path.stem: path.read_text() for path in FOLDER.glob("*.md")}


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        importer.load()
        yield


@pytest.fixture
def editor():
    return make_user(is_staff=True)


def test_six_countries_get_an_article_once(editor):
    for _ in range(2):
        plant_articles(editor)

    written = Country.objects.exclude(article="")
    assert sorted(written.values_list("code", flat=True)) == ["CN", "KG", "KZ", "TJ", "TM", "UZ"]
    assert {country.article_as_of for country in written} == {AS_OF}
    assert ArticleRevision.objects.count() == 6


def test_what_the_editors_wrote_stays(editor):
    country = Country.objects.get(pk="KG")
    articles.edit_article(editor, country, article="Ours.", as_of=AS_OF, reason="Better", based_on=0)

    plant_articles(editor)

    assert Country.objects.get(pk="KG").article == "Ours."


@pytest.mark.parametrize("code", TEXTS)
def test_it_says_that_it_is_demo_text_and_of_which_month(code):
    assert TEXTS[code].startswith("**Demo text, January 2026.**")


@pytest.mark.parametrize("code", TEXTS)
def test_its_links_lead_to_crossings_of_that_country(code):
    linked = set(re.findall(r"\(/crossings/([-\w]+)/\)", TEXTS[code]))

    known = set(Crossing.objects.of_country(code.upper()).values_list("slug", flat=True))
    assert linked <= known
    assert len(linked) >= 8


@pytest.mark.parametrize("code", TEXTS)
def test_every_month_it_names_is_one_that_the_list_has_for_that_country(code):
    """Nothing is dated that the list does not date; the years of events stand in the list's own words."""
    named = set(
        re.findall(r"\(((?:January|February|March|May|June|August|September|October|December) \d{4})\)", TEXTS[code])
    )

    months = {f"{day:%B %Y}" for day in Crossing.objects.of_country(code.upper()).values_list("as_of", flat=True)}
    assert named <= months
