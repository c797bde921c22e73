"""Posted hours: read by all, entered and changed by the staff and trusted members, confirmed by who was there."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from crossings.hours import actions, kept
from crossings.models import CrossingEdit, Hours, HoursConfirmation
from crossings.models.hours import SAID
from crossings.status import update
from tests.crossings.factories import make_crossing, make_hours, make_report
from tests.factories import make_user
from tests.pages import words_of

pytestmark = pytest.mark.django_db
PAGE = "/crossings/torugart/hours/"
BEIJING, BISHKEK = "Asia/Shanghai", "Asia/Bishkek"


@pytest.fixture
def torugart():
    return make_crossing(name="Torugart", slug="torugart", editors_status="open", zone_a=BEIJING, zone_b=BISHKEK)


@pytest.fixture
def keeper(client):
    user = make_user(trust=User.Trust.TRUSTED, username="gatekeeper")
    client.force_login(user)
    return user


def typed(**changes):
    return {
        "side": "b", "opens": "08:00", "closes": "17:00", "break_from": "12:00", "break_to": "13:00",
        "weekdays": list("12345"), "zone": "", "audience": "all", "heading": "both", "season_from": "", "season_to": "",
        "as_of": f"{update.today():%Y-%m}", "source": "Notice at the gate", "confidence": "high", "note": "",
        "reason": "Seen there",
    } | changes  # fmt: skip


def based_on(client, url):
    return client.get(url).context["form"].initial["based_on"]


def test_a_trusted_member_enters_hours_and_everybody_reads_them(client, keeper, torugart):
    answer = client.post(f"{PAGE}new/", typed())

    hours = torugart.hours.get()
    assert answer.url == PAGE
    assert (hours.opens, hours.closes, hours.break_from, hours.break_to) == (480, 1020, 720, 780)
    assert (hours.weekdays, hours.zone, hours.entered_by) == ("12345", BISHKEK, keeper)
    client.logout()
    page = words_of(client, PAGE)
    assert "08:00 to 17:00, break 12:00 to 13:00, by the clock of Bishkek. Monday to Friday." in page
    assert "Notice at the gate" in page


def test_entering_the_same_twice_enters_it_once(client, keeper, torugart):
    for _ in range(2):
        client.post(f"{PAGE}new/", typed())

    assert torugart.hours.count() == 1
    assert CrossingEdit.objects.of_hours().count() == 1


def test_the_same_hours_of_another_source_are_refused_with_words(client, keeper, torugart):
    client.post(f"{PAGE}new/", typed())

    answer = client.post(f"{PAGE}new/", typed(source="A friend"))

    assert answer.status_code == 400
    assert "These hours stand here already" in answer.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"opens": "", "closes": "", "break_from": "", "break_to": ""}, "Say when it opens or when it shuts."),
        ({"opens": "25:00"}, "there is no such hour"),
        ({"opens": "soon"}, "is no time"),
        ({"opens": "17:00"}, "opens and shuts at the same time"),
        ({"opens": "24:00"}, "A day begins at 00:00"),
        ({"break_to": ""}, "A break begins and ends"),
        ({"break_from": "07:00"}, "does not lie within the hours"),
        ({"break_from": "13:00", "break_to": "12:00"}, "does not lie within the hours"),
        ({"closes": ""}, "write both"),
        ({"weekdays": []}, "Choose the days of the week"),
        ({"weekdays": ["8"]}, "not one of the available choices"),
        ({"zone": "Middle/Earth"}, "is no time zone"),
        ({"season_from": "12"}, "A season begins and ends"),
        ({"season_from": "13", "season_to": "2"}, "no day of the year"),
        ({"season_from": "02-30", "season_to": "04"}, "no day of the year"),
        ({"side": "c"}, "not one of the available choices"),
        ({"source": ""}, "Say where this is known from"),
        ({"as_of": "2990-01"}, "in the future"),
        ({"confidence": ""}, "Say how sure you are"),
        ({"reason": ""}, "Say in a few words why"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(client, keeper, torugart, changes, words):
    answer = client.post(f"{PAGE}new/", typed(**changes, note="My own words"))

    assert answer.status_code == 400
    assert words in answer.text
    assert "My own words" in answer.text
    assert Hours.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "stored"),
    [
        ({"closes": ""} | {"break_from": "", "break_to": ""}, (480, None)),
        ({"opens": "", "break_from": "", "break_to": ""}, (None, 1020)),
        ({"opens": "0:00", "closes": "24:00", "break_from": "", "break_to": ""}, (0, 1440)),
        ({"opens": "00:00", "closes": "00:00", "break_from": "", "break_to": ""}, (0, 1440)),
        ({"opens": "20:00", "closes": "4:00", "break_from": "01:00", "break_to": "02:00"}, (1200, 240)),
        ({"opens": "8 am", "closes": "5pm"}, (480, 1020)),
    ],
)
def test_what_may_be(client, keeper, torugart, changes, stored):
    answer = client.post(f"{PAGE}new/", typed(**changes))

    hours = torugart.hours.get()
    assert answer.status_code == 302
    assert (hours.opens, hours.closes) == stored


def test_without_a_clock_of_the_post_one_has_to_be_named(client, keeper):
    make_crossing(name="Somewhere", slug="somewhere")

    refused = client.post("/crossings/somewhere/hours/new/", typed())
    taken = client.post("/crossings/somewhere/hours/new/", typed(zone="asia/bishkek"))

    assert "The clock of this post is not known yet" in refused.text
    assert (taken.status_code, Hours.objects.get().zone) == (302, BISHKEK)


def test_a_change_replaces_the_row_and_the_history_has_both(client, keeper, torugart):
    old = make_hours(torugart, "b")
    url = f"{PAGE}{old.pk}/"

    client.post(url, typed(opens="09:00", based_on=based_on(client, url)))

    old.refresh_from_db()
    new = torugart.hours.standing().get()
    ((what, before, after),) = CrossingEdit.objects.of_hours().get().changes
    assert (old.withdrawn_by, new.replaces, new.opens) == (keeper, old, 540)
    assert (what, "08:00 to 17:00" in before, "09:00 to 17:00" in after) == ("Posted hours", True, True)


def test_two_editors_at_once_both_texts_are_shown(client, keeper, torugart):
    old = make_hours(torugart, "b")
    url = f"{PAGE}{old.pk}/"
    began = based_on(client, url)
    client.post(url, typed(opens="09:00", based_on=began))

    answer = client.post(url, typed(opens="10:00", based_on=began))

    assert answer.status_code == 409
    assert "09:00 to 17:00" in answer.text
    again = answer.context["form"].data["based_on"]
    assert client.post(url, typed(opens="10:00", based_on=again)).status_code == 302
    assert torugart.hours.standing().get().opens == 600


def test_saving_the_same_change_twice_changes_nothing(client, keeper, torugart):
    old = make_hours(torugart, "b")
    url = f"{PAGE}{old.pk}/"
    began = based_on(client, url)

    for _ in range(2):
        client.post(url, typed(opens="09:00", based_on=began))

    assert torugart.hours.count() == 2


def test_an_old_address_leads_to_what_stands_in_its_place(client, keeper, torugart):
    old = make_hours(torugart, "b")
    url = f"{PAGE}{old.pk}/"
    client.post(url, typed(opens="09:00", based_on=based_on(client, url)))

    assert client.get(url).url == f"{PAGE}{torugart.hours.standing().get().pk}/"


def test_hours_are_taken_out_and_brought_back(client, keeper, torugart):
    hours = make_hours(torugart, "b")
    for _ in range(2):
        client.post(f"{PAGE}{hours.pk}/withdraw/", {"reason": "Wrong post"})
    gone = torugart.hours.standing().count()

    for _ in range(2):
        client.post(f"{PAGE}{hours.pk}/restore/")

    torugart.refresh_from_db()
    reasons = [edit.reason for edit in CrossingEdit.objects.of_hours().order_by("pk")]
    assert (gone, torugart.hours.standing().count()) == (0, 1)
    assert reasons == ["Wrong post", "Hours brought back"]
    assert [rule.opens for rule in kept.of(torugart).rules] == [480]


def test_who_takes_out_what_another_has_just_changed_takes_out_the_change(keeper, torugart):
    read_before = make_hours(torugart, "b")
    values = {name: getattr(read_before, name) for name in SAID} | {"opens": 540}
    marker = actions.marker_of(read_before)
    actions.change_hours(keeper, Hours.objects.get(pk=read_before.pk), values=values, reason="Later", based_on=marker)

    actions.withdraw_hours(keeper, read_before, reason="Wrong post")

    assert torugart.hours.standing().count() == 0
    assert CrossingEdit.objects.of_hours().count() == 2


def test_a_day_that_is_sent_many_times_is_one_day(client, keeper, torugart):
    client.post(f"{PAGE}new/", typed(weekdays=[*"2111111112"]))

    assert torugart.hours.get().weekdays == "12"


def test_undo_of_a_change_brings_the_row_before_it_back(client, keeper, torugart):
    old = make_hours(torugart, "b")
    url = f"{PAGE}{old.pk}/"
    client.post(url, typed(opens="09:00", based_on=based_on(client, url)))

    client.post(f"{url}restore/")

    assert torugart.hours.standing().get().opens == 480


def test_bringing_back_finds_what_stands_along_the_chain_in_both_directions(client, keeper, torugart):
    old = make_hours(torugart, "b")
    url = f"{PAGE}{old.pk}/"
    client.post(url, typed(opens="09:00", based_on=based_on(client, url)))
    new = torugart.hours.standing().get()
    client.post(f"{PAGE}{new.pk}/withdraw/", {"reason": "Wrong post"})

    for row, opens in ((old, 480), (new, 540), (old, 480)):
        client.post(f"{PAGE}{row.pk}/restore/")

        assert torugart.hours.standing().get().opens == opens


def test_a_crossing_has_forty_rows_of_hours_at_most(keeper, torugart):
    first = make_hours(torugart)
    values = {name: getattr(first, name) for name in SAID}
    facts = values | {"crossing": torugart, "entered_at": first.entered_at}
    Hours.objects.bulk_create(Hours(**facts | {"opens": minute}) for minute in range(38))

    actions.enter_hours(keeper, torugart, values=values | {"opens": 100}, reason="Seen at the gate")

    assert torugart.hours.count() == 40
    with pytest.raises(ValidationError, match="40 rows of hours"):
        actions.enter_hours(keeper, torugart, values=values | {"opens": 101}, reason="Seen at the gate")


def test_bringing_back_makes_no_more_rows_than_there_may_be(client, keeper, torugart, monkeypatch):
    monkeypatch.setattr(actions, "MOST_ROWS", 1)
    gone, stands = make_hours(torugart, "b"), make_hours(torugart, "a")
    client.post(f"{PAGE}{gone.pk}/withdraw/", {"reason": "Wrong post"})

    with pytest.raises(ValidationError, match="1 rows of hours"):
        actions.restore_hours(keeper, gone)

    url = f"{PAGE}{stands.pk}/"
    client.post(url, typed(side="a", opens="09:00", based_on=based_on(client, url)))
    assert torugart.hours.standing().get().opens == 540


def test_hours_that_are_not_confirmed_for_half_a_year_may_be_out_of_date(client, torugart):
    make_hours(torugart, "b", as_of=update.today() - timedelta(days=181))

    assert "May be out of date" in words_of(client, PAGE)


@pytest.mark.parametrize("days", [0, 180])
def test_until_then_they_hold(client, torugart, days):
    make_hours(torugart, "b", as_of=update.today() - timedelta(days=days))

    assert "May be out of date" not in words_of(client, PAGE)


def test_a_member_who_was_there_says_still_so_and_they_hold_again(client, torugart):
    hours = make_hours(torugart, "b", as_of=update.today() - timedelta(days=400))
    report = make_report(torugart, days_ago=3)
    client.force_login(report.post.author)
    asked = client.get(PAGE).text

    for _ in range(2):
        client.post(f"{PAGE}{hours.pk}/confirm/")

    hours.refresh_from_db()
    torugart.refresh_from_db()
    assert "Still so" in asked
    assert (hours.confirmed_on, HoursConfirmation.objects.count()) == (report.crossed_on, 1)
    assert [rule.true_on for rule in kept.of(torugart).rules] == [report.crossed_on]
    assert "May be out of date" not in words_of(client, PAGE)


def test_who_was_not_there_does_not_say_so(client, torugart):
    hours = make_hours(torugart, "b")
    client.force_login(make_user())

    answer = client.post(f"{PAGE}{hours.pk}/confirm/")

    assert (answer.status_code, HoursConfirmation.objects.count()) == (403, 0)
    assert "Still so" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("days_ago", "facts"), [(3, {"is_hearsay": True}), (500, {})], ids=["only heard", "before they were known"]
)
def test_what_is_no_visit_since_they_are_known(client, torugart, days_ago, facts):
    hours = make_hours(torugart, "b", as_of=update.today() - timedelta(days=400))
    report = make_report(torugart, days_ago=days_ago, **facts)
    client.force_login(report.post.author)

    assert client.post(f"{PAGE}{hours.pk}/confirm/").status_code == 403


def test_a_day_that_its_author_delays_does_not_show_in_still_so(client, torugart):
    hours = make_hours(torugart, "b", as_of=update.today() - timedelta(days=400))
    report = make_report(torugart, days_ago=3, is_delayed=True)
    client.force_login(report.post.author)

    client.post(f"{PAGE}{hours.pk}/confirm/")

    hours.refresh_from_db()
    assert hours.confirmed_on == report.crossed_on - timedelta(days=report.crossed_on.weekday())


def test_who_was_there_again_says_still_so_again(client, torugart):
    hours = make_hours(torugart, "b", as_of=update.today() - timedelta(days=400))
    first, others = make_report(torugart, days_ago=30), make_hours(make_crossing())
    client.force_login(first.post.author)

    client.post(f"{PAGE}{hours.pk}/confirm/")
    later = make_report(torugart, author=first.post.author, days_ago=3)
    client.post(f"{PAGE}{hours.pk}/confirm/")

    hours.refresh_from_db()
    others.refresh_from_db()
    assert (hours.confirmed_on, HoursConfirmation.objects.get().report) == (later.crossed_on, later)
    assert others.confirmed_on is None


def test_still_so_of_a_hidden_report_counts_no_more(client, torugart):
    hours = make_hours(torugart, "b", as_of=update.today() - timedelta(days=400))
    report = make_report(torugart, days_ago=3)
    client.force_login(report.post.author)
    client.post(f"{PAGE}{hours.pk}/confirm/")
    type(report.post).objects.filter(pk=report.post_id).update(hidden_at=report.post.written_at)

    update.judge(torugart.pk)

    hours.refresh_from_db()
    assert hours.confirmed_on is None


def test_still_so_is_counted_by_reports_that_count_and_shown_by_its_month(client, torugart):
    hours = make_hours(torugart, "b", as_of=update.today() - timedelta(days=400))
    reports = [make_report(torugart, days_ago=days) for days in (3, 4, 5)]
    for report in reports:
        client.force_login(report.post.author)
        client.post(f"{PAGE}{hours.pk}/confirm/")
    hidden = reports[-1].post
    type(hidden).objects.filter(pk=hidden.pk).update(hidden_at=hidden.written_at)
    update.judge(torugart.pk)
    client.logout()

    assert f"Still so, {reports[0].crossed_on:%b %Y} (2)" in words_of(client, PAGE)


def test_a_reading_at_the_gate_ends_the_doubt_on_the_page_too(client, torugart):
    make_hours(torugart, "b", as_of=update.today() - timedelta(days=400), pause="12:00-13:00")

    make_report(torugart, days_ago=3, gate_hours_b="08:00-12:00 13:00-17:00")

    assert "May be out of date" not in words_of(client, PAGE)


def test_the_clocks_are_changed_with_a_reason(client, keeper, torugart):
    url = f"{PAGE}clocks/"
    values = {"zone_a": BEIJING, "also_a": "Asia/Urumqi", "zone_b": BISHKEK, "also_b": "", "reason": "Said there"}

    answer = client.post(url, values | {"based_on": based_on(client, url)})

    torugart.refresh_from_db()
    assert (answer.status_code, torugart.also_a) == (302, "Asia/Urumqi")
    assert CrossingEdit.objects.of_clocks().get().reason == "Said there"
    assert "people there also name Xinjiang time, 2 h behind on" in words_of(client, PAGE)
    first, second = torugart.countries
    assert f"Clocks: Beijing in {first.name}; Bishkek in {second.name}, 2 h behind on" in words_of(client, PAGE)


def test_what_else_is_known_of_the_clocks_stands_wherever_they_are_said(client, keeper, torugart):
    url, note = f"{PAGE}clocks/", "The terminal keeps a clock of its own."
    values = {"zone_a": BEIJING, "zone_b": BISHKEK, "clock_note": note, "reason": "Said there"}

    client.post(url, values | {"based_on": based_on(client, url)})

    assert note in CrossingEdit.objects.of_clocks().get().changes[0][2]
    for page in (PAGE, torugart.get_absolute_url(), f"{torugart.get_absolute_url()}window/"):
        assert note in words_of(client, page)
    assert client.get("/crossings/torugart.json").json()["clock_note"] == note


def test_a_clock_that_is_none_is_refused(client, keeper, torugart):
    answer = client.post(f"{PAGE}clocks/", {"zone_a": "Bishkek time", "reason": "x"})

    assert answer.status_code == 400
    assert "is no time zone" in answer.text


def test_what_was_read_at_the_gate_stands_beside_it_and_follows_the_report(client, torugart):
    make_hours(torugart, "b", as_of=update.today() - timedelta(days=400))

    report = make_report(torugart, days_ago=3, gate_hours_b="09:00-18:00")

    torugart.refresh_from_db()
    assert [(told.side, told.on) for told in kept.of(torugart).told] == [("b", report.crossed_on)]
    assert "09:00 to 18:00" in words_of(client, PAGE)


def test_who_reads_all_rows_of_a_day_at_the_gate_confirms_each(torugart):
    for opens, closes in (("08:00", "12:00"), ("13:00", "17:00")):
        make_hours(torugart, "b", opens, closes, as_of=update.today() - timedelta(days=400))
    other = make_hours(torugart, "b", as_of=update.today() - timedelta(days=400), audience="cars")

    report = make_report(torugart, days_ago=3, gate_hours_b="08:00-12:00 13:00-17:00")

    torugart.refresh_from_db()
    assert [rule.true_on for rule in kept.of(torugart).rules if rule.audience == "all"] == [report.crossed_on] * 2
    assert [rule.true_on for rule in kept.of(torugart).rules if rule.audience == "cars"] == [other.true_on]


def test_who_reads_the_same_at_the_gate_confirms_it(torugart):
    make_hours(torugart, "b", as_of=update.today() - timedelta(days=400), pause="12:00-13:00")

    report = make_report(torugart, days_ago=3, gate_hours_b="08:00-12:00 13:00-17:00")

    torugart.refresh_from_db()
    assert [rule.true_on for rule in kept.of(torugart).rules] == [report.crossed_on]
