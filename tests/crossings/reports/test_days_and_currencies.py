"""What one types of days and money: nothing is refused that is right somewhere, and nothing is cut."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from crossings.editorial import importer
from crossings.models import Country, CrossingReport, ReportFee
from crossings.reports import currencies
from tests.crossings.factories import make_crossing, make_report
from tests.crossings.reports.test_reporting import typed, with_fees
from tests.crossings.shortened import shortened
from tests.factories import make_user

pytestmark = pytest.mark.django_db
URL = "/crossings/torugart/report/"


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", slug="torugart")


@pytest.fixture(autouse=True)
def member(client, crossing):
    member = make_user(trust=1)
    client.force_login(member)
    return member


def at(monkeypatch, *moment):
    monkeypatch.setattr(timezone, "now", lambda: datetime(*moment, tzinfo=UTC))


# --- Days ---


def test_a_button_for_today_and_one_for_yesterday_bring_their_dates_along(client):
    page = client.get(URL).text
    today = timezone.localdate()

    for day in (today, today - timedelta(days=1)):
        assert f'name="crossed_on_day" value="{day.isoformat()}"' in page


def test_a_button_is_the_day_whatever_stands_in_the_field_below(client):
    yesterday = timezone.localdate() - timedelta(days=1)

    client.post(URL, typed(crossed_on="2020-01-01", crossed_on_day=yesterday.isoformat()))

    assert CrossingReport.objects.get().crossed_on == yesterday


def test_another_day_is_what_stands_in_the_field(client):
    client.post(URL, typed(crossed_on="2026-10-03", crossed_on_day="other"))

    assert CrossingReport.objects.get().crossed_on.isoformat() == "2026-10-03"


def test_the_chosen_button_is_still_chosen_when_something_else_is_wrong(client):
    today = timezone.localdate().isoformat()

    page = client.post(URL, typed(crossed_on="", crossed_on_day=today, mode="")).text

    assert f'value="{today}" checked' in page


def test_a_day_counts_while_it_is_today_anywhere_on_earth(client, monkeypatch):
    at(monkeypatch, 2026, 11, 29, 10, 0)  # 30 November has just begun on Kiritimati

    answer = client.post(URL, typed(crossed_on="2026-11-30"))

    assert answer.status_code == 302
    assert CrossingReport.objects.get().crossed_on.isoformat() == "2026-11-30"


def test_a_day_that_has_begun_nowhere_is_refused(client, monkeypatch):
    at(monkeypatch, 2026, 11, 29, 9, 59)

    answer = client.post(URL, typed(crossed_on="2026-11-30"))

    assert (answer.status_code, CrossingReport.objects.count()) == (400, 0)
    assert "This date is in the future." in answer.text


def test_what_is_longer_ago_than_three_years_is_a_question(client):
    long_ago = (timezone.now() - timedelta(days=1100)).date().isoformat()

    asked = client.post(URL, typed(crossed_on=long_ago, source="The old road."))
    agreed = client.post(URL, typed(crossed_on=long_ago, for_the_record="on"))

    assert (asked.status_code, agreed.status_code) == (400, 302)
    assert "Is this for the record?" in asked.text
    assert "The old road." in asked.text
    assert CrossingReport.objects.count() == 1


def test_what_is_younger_is_no_question(client):
    client.post(URL, typed(crossed_on=(timezone.now() - timedelta(days=1095)).date().isoformat()))

    assert CrossingReport.objects.count() == 1


def test_what_is_for_the_record_already_is_no_question_again(client, crossing, member):
    report = make_report(crossing, author=member, days_ago=1100)

    answer = client.post(
        f"/reports/{report.pk}/edit/", typed(crossed_on=report.crossed_on.isoformat(), mode="car", based_on="0")
    )

    assert answer.status_code == 302


# --- Currencies ---


def paid(client, currency: str):
    fee = {"amount": "100", "currency": currency, "purpose": "the car"}
    return client.post(URL, with_fees(fee))


def test_the_crossings_own_currencies_then_dollars_and_euros_come_first(crossing):
    _, (_, first), (_, rest) = currencies.choices(crossing)

    assert first == [
        ("CNY", "CNY, Chinese yuan"), ("KGS", "KGS, Kyrgyz som"), ("USD", "USD, US dollar"), ("EUR", "EUR, Euro"),
    ]  # fmt: skip
    assert ("UZS", "UZS, Uzbek soum") in rest
    assert len(first) + len(rest) == len(currencies.CURRENCIES) == 156


def test_every_country_of_a_crossing_has_one_currency(tmp_path):
    importer.load(shortened(tmp_path, "^torugart,"))  # with all countries
    codes = list(Country.objects.order_by("code").values_list("code", flat=True))

    assert sorted(country for one in currencies.CURRENCIES.values() for country in one.countries) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yuan", "CNY"), (" Yuan ", "CNY"), ("RMB", "CNY"), ("som", "KGS"), ("Kyrgyz som", "KGS"), ("сом", "KGS"),
        ("kgs", "KGS"), ("dollars", "USD"), ("$", "USD"), ("€", "EUR"), ("tenge", "KZT"), ("rupees", None),
    ],
)  # fmt: skip
def test_what_people_call_it_is_understood(client, text, code):
    paid(client, text)

    assert list(ReportFee.objects.values_list("currency", flat=True)) == ([code] if code else [])


def test_som_is_that_of_the_crossing(client):
    make_crossing(name="Dustlik", slug="dustlik", countries=("KZ", "UZ"))

    client.post("/crossings/dustlik/report/", with_fees({"amount": "5", "currency": "som", "purpose": "x"}))

    assert ReportFee.objects.get().currency == "UZS"


def test_som_between_two_countries_that_have_one_is_a_question(client):
    make_crossing(name="Dostuk", slug="dostuk", countries=("KG", "UZ"))

    answer = client.post("/crossings/dostuk/report/", with_fees({"amount": "5", "currency": "som", "purpose": "x"}))

    assert answer.status_code == 400
    assert "“som” may be several: KGS, Kyrgyz som, UZS, Uzbek soum." in answer.text
    assert ReportFee.objects.count() == 0


def test_what_was_understood_is_chosen_when_something_else_is_wrong(client):
    page = client.post(URL, with_fees({"amount": "much", "currency": "yuan", "purpose": "x"})).text

    assert '<option value="CNY" selected>' in page


def test_a_currency_of_before_the_list_stays_as_it_was_typed(client, crossing, member):
    report = make_report(crossing, author=member)
    ReportFee.objects.create(report=report, amount=5, currency="QQQ", purpose="x")

    page = client.get(f"/reports/{report.pk}/edit/").text
    stored = {"fees-INITIAL_FORMS": "1", "mode": "car"}
    client.post(
        f"/reports/{report.pk}/edit/",
        with_fees({"amount": "6", "currency": "QQQ", "purpose": "x"}, based_on="0") | stored,
    )

    assert "QQQ, as it was typed" in page
    assert str(ReportFee.objects.get()) == "6.00 QQQ"


def test_old_values_become_codes_where_they_mean_one(crossing):
    report = make_report(crossing)
    twice = make_report(make_crossing(countries=("KG", "UZ")))
    for place, old in ((report, "YUA"), (report, "SOM"), (report, "USD"), (report, "QQQ"), (twice, "SOM")):
        ReportFee.objects.create(report=place, amount=1, currency=old, purpose="x")

    import_module("crossings.migrations.0014_currencies_are_codes").name_by_code(apps, None)

    now = list(ReportFee.objects.order_by("pk").values_list("currency", flat=True))
    assert now == ["CNY", "KGS", "USD", "QQQ", "SOM"]
