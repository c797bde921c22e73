"""How often a member gets letters: chosen in the settings, ended by the link of a letter or by one click."""

import re

import pytest
from django.core import mail, signing
from django.test import Client

from notifications.letters import bounces, delivery, emails, preferences, signed_addresses
from notifications.models import Bounce, Category, Frequency, Letter, Notification, Subscription
from notifications.models.subscription import CATEGORIES
from tests.factories import make_user
from tests.notifications.letters.factories import Kind, news_with_letter, one_click_path, send_all, stop_path, tell_of

pytestmark = pytest.mark.django_db
DEFAULTS = {category.value: facts.default.value for category, facts in CATEGORIES.items()}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


# --- The page of settings ---


@pytest.fixture
def member(client):
    user = make_user()
    client.force_login(user)
    return user


def test_the_settings_show_what_counts_and_keep_what_is_chosen(client, member):
    before = client.get("/settings/letters/").text
    answer = client.post("/settings/letters/", DEFAULTS | {"replies": "week", "acts": "never"}, follow=True)

    assert before.count("<select") == len(Category)
    assert 'aria-current="page">Letters' in before
    assert "Your wishes are saved." in answer.text
    assert preferences.choices_of(member) | {} == {
        **{category: facts.default for category, facts in CATEGORIES.items()},
        Category.REPLIES: Frequency.WEEKLY,
        Category.ACTS: Frequency.NEVER,
    }
    assert Subscription.objects.count() == 2


def test_what_was_chosen_is_chosen_when_one_looks_again(client, member):
    client.post("/settings/letters/", DEFAULTS | {"topics": "never"})

    page = client.get("/settings/letters/").text

    assert re.search(r'<select name="topics".*?<option value="never" selected>', page, re.DOTALL)


@pytest.mark.parametrize("bad", [{"replies": "hourly"}, {"acts": "day"}, {"replies": ""}, {"mentions": "\0"}])
def test_a_frequency_that_there_is_not_is_refused_and_nothing_changes(client, member, bad):
    answer = client.post("/settings/letters/", DEFAULTS | {"topics": "week"} | bad)

    assert answer.status_code == 400
    assert not Subscription.objects.exists()


def test_nobody_chooses_for_another(client, member):
    other = make_user()

    client.post("/settings/letters/", DEFAULTS | {"replies": "never"})

    assert preferences.choices_of(other)[Category.REPLIES] == Frequency.AT_ONCE


def test_one_link_stops_all_letters_and_gives_them_back_as_they_were(client, member):
    client.post("/settings/letters/", DEFAULTS | {"replies": "week", "mentions": "never"})
    client.get("/settings/letters/stop/")
    before = preferences.choices_of(member)

    client.post("/settings/letters/stop/", {"stop": "1"}), client.post("/settings/letters/stop/", {"stop": "1"})
    stopped = preferences.is_stopped(member, preferences.ALL)
    kinds = [news_with_letter(member, kind).letter for kind in Kind]
    client.post("/settings/letters/stop/", {"again": "1"}), client.post("/settings/letters/stop/", {"again": "1"})

    assert stopped
    assert set(kinds) == {None}
    assert preferences.choices_of(member) == before


def test_the_watches_lead_to_the_settings_of_letters(client, member):
    assert 'href="/settings/letters/"' in client.get("/watches/").text


# --- The link in a letter ---


def test_the_link_in_a_letter_ends_letters_of_its_kind_at_a_press_and_not_at_a_look(client):
    user = make_user()
    delivery.send(tell_of(user).letter_id)
    path = stop_path()

    looked = client.get(path)
    wanted_after_a_look = not Subscription.objects.exists()
    client.post(path), client.post(path)
    not_written = tell_of(user, "warning-2").letter

    assert (looked.status_code, looked["Cache-Control"], wanted_after_a_look) == (200, "no-store", True)
    assert "Decisions of moderators" in looked.text
    assert (Subscription.objects.count(), not_written, Notification.objects.count()) == (1, None, 2)
    client.post(path, {"again": "1"})
    delivery.send(tell_of(user, "warning-3").letter_id)
    assert len(mail.outbox) == 2


def test_a_letter_that_waits_is_not_sent_after_its_kind_was_ended(client):
    user = make_user()
    sent, waiting = news_with_letter(user), news_with_letter(user)
    delivery.send(sent.letter_id)

    client.post(stop_path())
    delivery.send(waiting.letter_id)

    assert len(mail.outbox) == 1
    assert Letter.objects.get(pk=waiting.letter_id).problem == "The member does not want this kind of letter."


def test_the_page_of_the_link_can_stop_all_letters_too(client):
    user = make_user()
    delivery.send(news_with_letter(user).letter_id)

    page = client.post(stop_path(), {"all": "1"}).text

    assert preferences.is_stopped(user, preferences.ALL)
    assert "Stop all letters" not in page


def test_the_link_of_a_digest_ends_all_that_comes_with_it_and_gives_it_back(client):
    user = make_user()
    preferences.choose(user, {Category.REACTIONS: Frequency.DAILY, Category.TOPICS: Frequency.WEEKLY})
    before = preferences.choices_of(user)
    news_with_letter(user, Kind.REACTION)
    send_all()

    client.post(stop_path())
    choices = preferences.choices_of(user)
    client.post(stop_path(), {"again": "1"})

    assert {category for category in Category if choices[category] != before[category]} == {
        Category.CROSSINGS, Category.QUESTIONS, Category.REACTIONS, Category.REMINDERS,
    }  # fmt: skip
    assert preferences.choices_of(user) == before


def test_a_link_that_stops_nothing_that_we_know_is_none():
    letter = news_with_letter().letter
    known, unknown = (signed_addresses.stop_token(letter, scope) for scope in ("all", "hourly"))

    assert signed_addresses.read_stop_token(known) == (letter.user, "all")
    assert signed_addresses.read_stop_token(unknown) is None


def test_the_link_of_a_member_who_is_gone_is_none(client):
    user = make_user()
    token = signed_addresses.stop_token(news_with_letter(user).letter)
    type(user).objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(f"/letters/{token}/stop/").status_code == 404


def test_a_link_that_somebody_changed_or_that_went_to_an_old_address_is_none(client):
    user = make_user()
    delivery.send(tell_of(user).letter_id)
    path, one_click = stop_path(), one_click_path()
    user.email = "new@example.org"
    user.save()

    answers = [client.get(path), client.get(path.replace("/stop/", "x/stop/")), client.post(one_click, ONE_CLICK)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


@pytest.mark.parametrize(
    ("kind", "stops"),
    [
        ("news", {"replies", "mentions", "answers"}), ("day", {"crossings"}), ("through", {"through"}),
        ("acts", {"acts"}),
    ],
)  # fmt: skip
def test_a_link_of_a_letter_of_an_older_release_still_ends_its_kind(client, kind, stops):
    user = make_user()
    token = signing.dumps([user.pk, kind, signed_addresses._address(user)], salt="notifications.stop")

    answer = client.post(f"/letters/{token}/stop/")

    assert answer.status_code == 200
    assert set(Subscription.objects.values_list("category", flat=True)) == stops


# --- One click (RFC 8058) ---


def test_a_mail_program_ends_letters_by_one_post_without_cookie_and_token():
    user = make_user()
    delivery.send(news_with_letter(user).letter_id)
    headers = mail.outbox[0].extra_headers
    program = Client(enforce_csrf_checks=True)

    answer = program.post(one_click_path(), ONE_CLICK)

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (answer.status_code, answer.cookies) == (200, {})
    assert preferences.choices_of(user)[Category.REPLIES] == Frequency.NEVER


def test_so_do_many_of_them_from_one_address(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"edit": "1/1d"}
    users = [make_user() for _ in range(4)]
    for user in users:
        delivery.send(news_with_letter(user).letter_id)

    answers = [Client().post(one_click_path(message), ONE_CLICK).status_code for message in mail.outbox]

    assert answers == [200] * 4


def test_a_program_that_only_fetches_links_ends_nothing(client):
    user = make_user()
    delivery.send(news_with_letter(user).letter_id)

    answer, empty = client.get(one_click_path()), client.post(one_click_path())

    assert (answer.status_code, answer["Location"]) == (302, stop_path())
    assert empty.status_code == 400
    assert not Subscription.objects.exists()


def test_the_page_itself_still_needs_its_token():
    user = make_user()
    delivery.send(news_with_letter(user).letter_id)

    answer = Client(enforce_csrf_checks=True).post(stop_path(), ONE_CLICK)

    assert answer.status_code == 403
    assert not Subscription.objects.exists()


def test_the_link_of_a_digest_stops_also_what_it_brings_instead_of_at_once():
    """As after bounces, which lower what was chosen at once to a daily digest."""
    user = make_user()
    bounces.record(user, Bounce.Kind.HARD, "one")
    letter = news_with_letter(user).letter
    message = emails.compose(letter)

    found, scope = signed_addresses.read_stop_token(re.search(r"/letters/([^/]+)/stop/", message.body)[1])
    preferences.stop(found, scope)

    assert letter.kind == Letter.Kind.DAY
    assert preferences.is_stopped(user, scope)
    assert set(preferences.choices_of(user).values()) <= {Frequency.NEVER, Frequency.AT_ONCE}
    assert news_with_letter(user).letter is None
