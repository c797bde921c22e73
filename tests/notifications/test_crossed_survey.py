""" "Did you get through?": asked once by letter, answered by a link without signing in."""

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.worker import task_worker
from crossings.models import CrossingReport
from crossings.reports.actions import reports_subforum
from crossings.reports.trade import mark_trade_account
from crossings.status.update import today
from forum.actions.rules import set_rules
from forum.extensions import screeners
from forum.models import Post
from notifications import news_tasks
from notifications.letters import delivery, signed_addresses
from notifications.models import Letter, Watch
from notifications.survey import responses
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.test_at_once import at_once

pytestmark = pytest.mark.django_db
TOLD = {"crossed_on": today().isoformat(), "direction": "a-b", "mode": "bicycle"}


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", slug="torugart")


@pytest.fixture
def traveller(crossing):
    """Somebody who meant to be there three days ago."""
    return planned(crossing, days_ago=3)


def planned(crossing, *, days_ago, **fields):
    user = make_user(trust=1, **fields)
    watch(user, crossing, travel_on=today() - timedelta(days=days_ago), direction="a-b")
    return user


def asked(user):
    """The letter, as it was sent."""
    responses.ask_travellers()
    letter = Letter.objects.get(user=user, kind="through")
    delivery.send(letter.pk)
    letter.refresh_from_db()
    return letter


def paths(body):
    """The links of the letter, in the order of the answers."""
    return re.findall(r"https?://[^/\s]+(/through/\S+/)", body)


@pytest.fixture
def path(traveller):
    asked(traveller)
    return paths(mail.outbox[0].body)[0]


@pytest.mark.parametrize(("days_ago", "is_asked"), [(2, False), (3, True), (14, True), (15, False)])
def test_travellers_are_asked_three_days_later_or_when_the_worker_woke(crossing, days_ago, is_asked):
    planned(crossing, days_ago=days_ago)

    responses.ask_travellers()

    assert Letter.objects.exists() is is_asked


def test_the_worker_of_the_night_asks_once(transactional_db, monkeypatch, traveller):
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)

    for _ in range(3):
        news_tasks.write_letters_of_the_night()
        call_command("worker", "--once")
        DBTaskResult.objects.update(status="READY")

    assert [letter.subject for letter in mail.outbox] == ["Did you get through at Torugart Pass?"]


def test_another_plan_is_another_letter(crossing, traveller):
    responses.ask_travellers()
    watch(traveller, crossing, travel_on=today() - timedelta(days=4))

    responses.ask_travellers()

    assert Letter.objects.count() == 2


def test_who_has_told_already_is_not_asked(crossing, traveller):
    make_report(crossing, author=traveller, days_ago=3)

    responses.ask_travellers()

    assert not Letter.objects.exists()


def test_what_one_only_heard_does_not_answer_it(crossing, traveller):
    make_report(crossing, author=traveller, days_ago=3, is_hearsay=True)

    letter = asked(traveller)

    assert letter.sent_at is not None


def test_a_report_of_last_year_answers_nothing(crossing, traveller):
    make_report(crossing, author=traveller, days_ago=300)

    responses.ask_travellers()

    assert Letter.objects.count() == 1


def after_it_was_written(change):
    """What becomes of a letter that waits while something changes."""
    responses.ask_travellers()
    change()
    delivery.send(Letter.objects.get().pk)
    return mail.outbox


def test_who_reports_before_the_letter_goes_out_gets_none(crossing, traveller):
    assert after_it_was_written(lambda: make_report(crossing, author=traveller)) == []


def test_who_watches_no_longer_gets_none(traveller):
    assert after_it_was_written(Watch.objects.all().delete) == []


def test_who_goes_later_is_not_asked_yet(traveller):
    assert after_it_was_written(lambda: Watch.objects.update(travel_on=today())) == []


def test_the_letter_has_a_link_for_each_answer_under_our_address_alone(settings, traveller):
    settings.SITE_URL = "https://forum.example.org"

    asked(traveller)

    body, html = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    assert len(set(paths(body))) == 7
    assert paths(body) == re.findall(r"https://forum.example.org(/through/[^\"]+)", html)
    assert "I did not go" in body
    assert set(re.findall(r"https?://[^/\s\"<>]+", body + html)) == {"https://forum.example.org"}


def test_a_look_at_every_link_files_nothing_and_is_kept_nowhere(client, traveller):
    asked(traveller)
    before = everything()

    answers = [client.get(path) for path in paths(mail.outbox[0].body)]

    assert everything() == before
    assert {answer.status_code for answer in answers} == {200}
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}
    assert {answer["Referrer-Policy"] for answer in answers} == {"same-origin"}
    assert {answer["X-Robots-Tag"] for answer in answers} == {"noindex, nofollow"}


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Post, CrossingReport, Letter, Watch)]


def test_the_page_shows_the_crossing_and_the_day_and_nothing_of_the_member(client, traveller, path):
    page = client.get(path).text

    assert "Torugart Pass" in page
    assert (today() - timedelta(days=3)).isoformat() in page
    assert traveller.username not in page
    assert traveller.email not in page


def test_the_answer_of_the_link_is_the_button_that_enter_presses(client, traveller):
    asked(traveller)

    page = client.get(paths(mail.outbox[0].body)[2]).text

    assert re.findall(r'name="outcome" value="([\w-]+)"', page)[0] == "refused-exit"
    assert len(set(re.findall(r'name="outcome" value="([\w-]+)"', page))) == 7


def test_a_press_files_a_first_hand_report_without_signing_in(client, crossing, traveller, path):
    client.post(path, TOLD | {"outcome": "refused-exit"})

    report = CrossingReport.objects.get()
    assert (report.post.author, report.crossing, report.outcome) == (traveller, crossing, "refused-exit")
    assert not report.is_hearsay
    assert report.story_from_facts
    assert Letter.objects.get().answered_at is not None
    crossing.refresh_from_db()
    assert crossing.reports_count == 1
    assert "_auth_user_id" not in client.session


def test_words_of_ones_own_need_signing_in(client, traveller, path):
    assert 'name="source"' not in client.get(path).text

    answer = client.post(path, TOLD | {"outcome": "crossed", "source": "Buy permits at my shop."})
    client.force_login(make_user())
    of_another = client.post(path, TOLD | {"outcome": "crossed", "source": "Buy permits at my shop."})

    for refused in (answer, of_another):
        assert refused.status_code == 400
        assert "Words of your own need signing in" in refused.text
        assert "Buy permits at my shop." in refused.text
    assert not CrossingReport.objects.exists()


def test_the_member_who_signs_in_writes_them(client, traveller, path):
    client.force_login(traveller)
    assert 'name="source"' in client.get(path).text

    client.post(path, TOLD | {"outcome": "crossed", "source": "No car, no stamp."})

    assert CrossingReport.objects.get().post.source == "No car, no stamp."


def test_the_link_does_not_ask_whether_the_rules_were_read(client, path):
    set_rules(make_user(is_staff=True), reports_subforum(), introduction="Look first.", rules=["Write what you saw."])

    page = client.get(path).text
    client.post(path, TOLD | {"outcome": "crossed"})

    assert "rules_read" not in page
    assert CrossingReport.objects.exists()


def test_the_same_link_twice_is_one_report_whatever_it_says(client, traveller, path):
    client.post(path, TOLD | {"outcome": "crossed"})
    again = client.post(path, TOLD | {"outcome": "found-closed"})
    other = client.get(paths(mail.outbox[0].body)[3])

    report = CrossingReport.objects.get()
    assert report.outcome == "crossed"
    assert "Thank you for your report" in again.text
    assert report.post.get_absolute_url() in other.text


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, traveller, path):
    client.force_login(traveller)
    answer = client.post(path, TOLD | {"mode": "", "outcome": "turned-back", "source": "Snow."})

    assert answer.status_code == 400
    assert "Choose how you travelled." in answer.text
    assert "Snow." in answer.text
    assert re.findall(r'name="outcome" value="([\w-]+)"', answer.text)[0] == "turned-back"
    assert not CrossingReport.objects.exists()


def test_a_press_without_an_answer_files_nothing(client, path):
    assert client.post(path, TOLD).status_code == 400
    assert not CrossingReport.objects.exists()


def test_who_did_not_go_says_so_with_one_press_and_may_still_tell(client, path):
    answer = client.post(path, {"outcome": "not-gone"}, follow=True)

    assert "You told us that you did not go." in answer.text
    assert not CrossingReport.objects.exists()
    client.post(path, TOLD | {"outcome": "crossed"})
    assert CrossingReport.objects.count() == 1


def test_who_has_told_of_the_day_is_asked_before_it_counts_again(client, crossing, traveller, path):
    make_report(crossing, author=traveller)

    first = client.post(path, TOLD | {"outcome": "crossed"})
    told = CrossingReport.objects.count()
    client.post(path, TOLD | {"outcome": "crossed", "again": "on"})

    assert (first.status_code, told, CrossingReport.objects.count()) == (409, 1, 2)


def suspend(user):
    user.suspended_until = timezone.now() + timedelta(days=1)
    user.save()


def test_a_suspended_member_gets_kind_words_and_files_nothing(client, traveller, path):
    suspend(traveller)

    looked, pressed = client.get(path), client.post(path, TOLD | {"outcome": "crossed"})

    assert (looked.status_code, pressed.status_code) == (403, 403)
    assert "Thank you for coming back to tell." in looked.text
    assert not CrossingReport.objects.exists()


def test_a_suspended_member_may_not_say_either_that_they_did_not_go(client, traveller, path):
    suspend(traveller)

    client.post(path, {"outcome": "not-gone"})

    assert Letter.objects.get().answered_at is None


def moved(traveller):
    traveller.email = "new@example.org"
    traveller.save()


def left(traveller):
    traveller.is_active = False
    traveller.save()


def with_a_new_password(traveller):
    traveller.set_password("by night bus to kashgar")
    traveller.save()


def signed_out_everywhere(traveller):
    traveller.sessions_ended_at = timezone.now()
    traveller.save()


@pytest.mark.parametrize("change", [moved, left, with_a_new_password, signed_out_everywhere])
def test_links_die_with_the_address_the_password_and_the_account(client, traveller, path, change):
    change(traveller)

    answer = client.post(path, TOLD | {"outcome": "crossed"})

    assert answer.status_code == 404
    assert not CrossingReport.objects.exists()


@pytest.mark.parametrize(("days", "is_valid"), [(59.9, True), (60.1, False)])
def test_a_link_is_valid_for_sixty_days(monkeypatch, path, days, is_valid):
    now = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: now() + days * 86_400)

    assert (signed_addresses.read_through_token(path.split("/")[2]) is not None) is is_valid


def test_links_end_after_sixty_days(client, monkeypatch, path):
    now = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: now() + 61 * 86_400)

    answer = client.post(path, TOLD | {"outcome": "crossed"})

    assert answer.status_code == 404
    assert "/report/" in answer.text
    assert not CrossingReport.objects.exists()


def test_nobody_can_write_a_link(client, traveller, path):
    token = path.split("/")[2]
    letter = Letter.objects.get()
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x" + token,
        signing.dumps([letter.pk, "crossed", ""], salt="another"),
        signed_addresses.stop_token(letter),
        "nonsense",
    ]

    answers = [client.post(f"/through/{one}/", TOLD | {"outcome": "crossed"}).status_code for one in forged]

    assert answers == [404] * 5
    assert not CrossingReport.objects.exists()


def test_a_link_of_another_letter_is_none_of_this_page(client):
    other = Letter.objects.create(user=make_user(), kind="day", key="day-1", made_at=timezone.now())

    assert client.get(f"/through/{signed_addresses.through_token(other, 'crossed')}/").status_code == 404


def test_the_form_needs_its_token_also_without_a_session(path):
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]

    bare = visitor.post(path, TOLD | {"outcome": "crossed"})
    with_token = visitor.post(path, TOLD | {"outcome": "crossed", "csrfmiddlewaretoken": token})

    assert (bare.status_code, with_token.status_code) == (403, 302)
    assert CrossingReport.objects.count() == 1


def test_nobody_tries_links_without_end(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"post": "3/10m"}

    answers = [client.post("/through/nonsense/", TOLD).status_code for _ in range(5)]

    assert answers == [404, 404, 404, 429, 429]


def test_a_report_that_is_held_is_announced_so(client, monkeypatch, path):
    monkeypatch.setattr(screeners, "screen", lambda draft: screeners.Hold("first post"))

    answer = client.post(path, TOLD | {"outcome": "crossed"}, follow=True)

    assert "A moderator will look at your report first." in answer.text
    assert "Look at your report" not in answer.text


def test_a_business_is_asked_like_others_but_its_report_does_not_count(client, crossing, traveller, path):
    mark_trade_account(make_user(is_staff=True), traveller, is_trade=True)

    client.post(path, TOLD | {"outcome": "crossed"})

    crossing.refresh_from_db()
    assert CrossingReport.objects.count() == 1
    assert crossing.confirmed_count == 0


@pytest.mark.database
def test_pressed_at_once_many_times_it_is_one_report(transactional_db, traveller, path):
    answers = ["crossed", "found-closed"] * 4

    failures = at_once(*[lambda answer=answer: Client().post(path, TOLD | {"outcome": answer}) for answer in answers])

    assert failures == []
    assert CrossingReport.objects.count() == Post.objects.count() == 1


@pytest.mark.database
def test_control_without_a_key_each_press_is_a_report(transactional_db, monkeypatch, traveller, path):
    monkeypatch.setattr(responses, "key_of", lambda letter: None)
    monkeypatch.setattr(responses, "filed_report", lambda letter: None)

    at_once(*[
        lambda: Client().post(path, TOLD | {"outcome": "crossed", "again": "on"}) for _ in range(4)
    ])  # fmt: skip

    assert CrossingReport.objects.count() == 4
