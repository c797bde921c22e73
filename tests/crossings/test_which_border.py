"""The field "Which border?": to the crossing itself, where its name is clear."""

import pytest

from tests.crossings.factories import make_country, make_crossing

pytestmark = pytest.mark.django_db


@pytest.fixture
def torugart():
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    return make_crossing(name="Torugart Pass", slug="torugart", names=("Torugart", "吐尔尕特"), towns=["Naryn"])


def ask(client, typed):
    return client.get("/find/", {"q": typed})


@pytest.mark.parametrize("typed", ["Torugart Pass", "torugart", "  TORUGART ", "吐尔尕特", "Torugrat", "naryn"])
def test_a_clear_name_leads_to_the_crossing(client, torugart, typed):
    answer = ask(client, typed)

    assert answer.status_code == 302
    assert answer.url == "/crossings/torugart/"


def test_a_country_leads_to_its_page(client, torugart):
    assert ask(client, "kyrgyzstan").url == "/countries/kg/"


def test_the_code_of_a_country_leads_to_its_page(client, torugart):
    assert ask(client, "kg").url == ask(client, "KG").url == "/countries/kg/"


def test_a_few_letters_within_a_name_lead_nowhere_by_themselves(client, torugart):
    answer = ask(client, "gar")

    assert answer.status_code == 200
    assert "/crossings/torugart/" in answer.text


def test_what_may_be_several_is_listed_with_status(client, torugart):
    make_crossing(name="Irkeshtam", towns=["Naryn"], editors_status="closed")

    page = ask(client, "Naryn").text

    assert '<a class="serif" href="/crossings/torugart/">Torugart Pass</a>' in page
    assert ">Irkeshtam</a>" in page
    assert 'value="Naryn"' in page
    assert "noindex" in page


@pytest.mark.parametrize("typed", ["Atlantis gate", "<b>&", "x" * 3000, "%"])
def test_an_unknown_name_gets_another_try_and_the_search_in_topics(client, torugart, typed):
    answer = ask(client, typed)

    assert answer.status_code in {200, 302}
    assert "<b>&" not in answer.text


def test_an_unknown_name_is_said_to_be_unknown(client, torugart):
    page = ask(client, "Atlantis gate").text

    assert "We know no crossing of that name." in page
    assert 'href="/search/?q=Atlantis%20gate"' in page


def test_without_words_all_crossings_are_shown(client):
    assert client.get("/find/").url == ask(client, "  ").url == "/crossings/"
