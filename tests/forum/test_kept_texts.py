"""What visitors wrote first: who reads it, for how long, and how much of it there may be."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import KeptText
from accounts.write_first import kept_texts
from config.worker import nightly
from tests.factories import make_user
from tests.forum.factories import make_subforum
from tests.forum.test_writing_first import sign_in, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def subforum():
    return make_subforum(slug="open-or-closed")


# --- Who reads it ---


def test_it_is_stored_encrypted_and_without_the_address_it_came_from(client, subforum):
    write(client, address="203.0.113.9")

    row = KeptText.objects.get()
    stored = " ".join(str(value) for value in vars(row).values()) + bytes(row.sealed).decode()
    assert "bicycle" not in stored
    assert "203.0.113" not in stored
    assert client.cookies["kept"].value not in stored
    assert client.cookies["kept"]["httponly"]
    assert client.cookies["kept"]["samesite"] == "Lax"


def test_a_text_that_cannot_be_opened_any_more_is_not_shown_and_breaks_nothing(client, subforum, settings):
    write(client)
    settings.SECRET_KEY = "another one " * 5

    assert "Nothing is kept here" in client.get("/kept/").text


def test_nobody_else_reads_it(client, subforum):
    write(client)
    stranger, other = Client(), Client()
    other.force_login(make_user())
    pk = KeptText.objects.get().pk

    for who in (stranger, other):
        assert "from the south" not in who.get("/kept/").text
        assert "from the south" not in who.get(f"/forums/open-or-closed/new/?kept={pk}").text
        who.post(f"/kept/{pk}/throw-away/")
    assert KeptText.objects.count() == 1


def test_what_became_a_members_is_not_shown_in_that_browser_to_the_next(client, subforum):
    write(client)
    make_user("kettle")
    sign_in(client)
    client.post("/account/logout/")

    assert "from the south" not in client.get("/kept/").text
    client.force_login(make_user())
    assert "from the south" not in client.get("/kept/").text


@pytest.mark.parametrize("kept", ["x", "-1", "9" * 30, "1\0", "٣", ""])
def test_an_odd_number_of_a_text_is_as_none(client, subforum, kept):
    client.force_login(make_user())

    assert client.get("/forums/open-or-closed/new/", {"kept": kept}).status_code in {200, 400}


def test_the_text_of_another_form_fills_in_none(client, subforum):
    write(client)
    make_subforum(slug="elsewhere")
    make_user("kettle")
    sign_in(client)

    page = client.get(f"/forums/elsewhere/new/?kept={KeptText.objects.get().pk}").text

    assert "from the south" not in page


def test_it_can_be_thrown_away_before_and_after_signing_in(client, subforum):
    write(client)
    client.post(f"/kept/{KeptText.objects.get().pk}/throw-away/")
    assert not KeptText.objects.exists()

    write(client)
    make_user("kettle")
    sign_in(client)
    pk = KeptText.objects.get().pk
    for _ in range(2):
        assert client.post(f"/kept/{pk}/throw-away/").status_code == 302
    assert not KeptText.objects.exists()


# --- How long and how much ---


def test_after_a_week_it_is_gone(client, subforum):
    write(client)
    KeptText.objects.update(kept_at=timezone.now() - timedelta(days=7, minutes=1))

    assert "from the south" not in client.get("/kept/").text
    assert kept_texts.forget_old in nightly.CHORES
    assert [kept_texts.forget_old(), kept_texts.forget_old()] == [1, 0]


def test_one_address_keeps_ten_at_most_and_is_given_its_text_back(client, subforum, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"keep": "100/1h"}

    answers = [write(Client()) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "from the south" in answers[-1].text
    assert KeptText.objects.count() == 10
    assert write(Client(), address="192.0.2.7").status_code == 302


def test_one_address_is_limited_in_how_often(client, subforum, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"keep": "2/1h"}

    answers = [write(client, idempotency_key="") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "from the south" in answers[-1].text


def test_all_texts_together_are_limited(client, subforum, settings):
    write(client)
    settings.KEPT_TEXTS_BYTES = KeptText.objects.get().size + 10

    answer = write(Client(), address="192.0.2.7")

    assert answer.status_code == 503
    assert "from the south" in answer.text
    assert KeptText.objects.count() == 1
