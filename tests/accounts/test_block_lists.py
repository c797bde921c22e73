"""Who is on a block list cannot sign up, and gets a kind answer that does not name the list."""

import json
import logging
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import RateCount, SignUpBlock, User
from accounts.signup import block_lists
from moderation.filters import gate
from tests.accounts.test_signing_up import sign_up
from tests.factories import PASSWORD, make_user
from tests.moderation.factories import make_admin

pytestmark = pytest.mark.django_db
REFUSED = "We cannot make this account as it stands."


def block(kind, *lines, days=30, **fields):
    result = gate.block(make_admin(), kind, lines, address="203.0.113.9", days=days, **fields)
    assert result.added, result.refused
    return SignUpBlock.objects.latest("pk")


@pytest.mark.parametrize(
    ("kind", "line", "typed", "is_refused"),
    [
        ("domain", "mail.example", {"email": "a@mail.example"}, True),
        ("domain", "MAIL.example.", {"email": "A@Mail.Example"}, True),
        ("domain", "@mail.example", {"email": "a@deep.er.mail.example"}, True),
        ("domain", "*.mail.example", {"email": "a@mail.example"}, True),
        ("domain", "bücher.example", {"email": "a@xn--bcher-kva.example"}, True),
        ("domain", "mail.example", {"email": "a@hotmail.example"}, False),
        ("domain", "mail.example", {"email": "a@mail.example.org"}, False),
        ("name", "casinobot", {"username": "Casino_Bot"}, True),
        ("name", "casinobot", {"username": "ca5inobots"}, False),
        ("name", "*casino*", {"username": "best casino here"}, True),
        ("name", "*casino*", {"username": "bestсasino"}, False),  # mixed letters are refused by another rule
        ("name", "casino*", {"username": "casino77"}, True),
        ("name", "casino*", {"username": "mycasino"}, False),
        ("name", "*casino", {"username": "mycasino"}, True),
        ("name", "*casino", {"username": "casino77"}, False),
        ("address", "192.0.2.0/24", {"REMOTE_ADDR": "192.0.2.77"}, True),
        ("address", "192.0.2.0/24", {"REMOTE_ADDR": "::ffff:192.0.2.77"}, True),
        ("address", "192.0.2.7", {"REMOTE_ADDR": "192.0.2.8"}, False),
        ("address", "2001:db8::/48", {"REMOTE_ADDR": "2001:db8:0:5::1"}, True),
        ("address", "2001:db8::/48", {"REMOTE_ADDR": "2001:db8:1::1"}, False),
        ("address", "192.0.2.0/24", {"REMOTE_ADDR": ""}, False),
    ],
)
def test_what_is_blocked_cannot_sign_up_and_the_rest_can(client, kind, line, typed, is_refused):
    block(kind, line)

    answer = sign_up(client, **typed)

    assert (REFUSED in answer.text) == is_refused
    if is_refused:
        assert not User.objects.filter(is_staff=False).exists()


def test_the_words_are_the_same_for_each_list_and_what_was_typed_stays(client):
    block("domain", "mail.example")
    block("name", "casino*")
    block("address", "192.0.2.7")

    by_domain = sign_up(client, email="a@mail.example").context["form"]
    by_name = sign_up(client, username="casino1").context["form"]
    by_address = sign_up(client, REMOTE_ADDR="192.0.2.7").context["form"]

    assert by_domain.errors == by_name.errors == by_address.errors
    assert list(by_domain.errors) == ["__all__"]
    assert (by_domain["email"].value(), by_domain["username"].value()) == ("a@mail.example", "kopek")


def test_a_refusal_is_counted_logged_without_what_was_typed_and_limited(client, caplog, settings):
    found = block("name", "casino*")
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_up": "2/1h"}

    with caplog.at_level(logging.INFO, "borderpost.security"):
        answers = [sign_up(client, username="casino1").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    found.refresh_from_db()
    assert (found.refused_count, found.last_refused_at is not None) == (2, True)
    lines = [json.loads(record.message) for record in caplog.records if record.name == "borderpost.security"]
    told = [line for line in lines if line["event"] == "sign-up-refused"]
    assert {(line["kind"], line["block"]) for line in told} == {("name", found.pk)}
    assert "casino" not in json.dumps(told)


def test_a_known_address_and_an_unknown_one_are_refused_alike(client):
    make_user(email="old@mail.example")
    block("domain", "mail.example")

    assert REFUSED in sign_up(client, email="old@mail.example").text
    assert REFUSED in sign_up(client, email="new@mail.example").text


def test_a_block_ends_by_itself_and_by_an_administrator(client):
    over, ended = block("name", "casino*"), block("domain", "mail.example")
    SignUpBlock.objects.filter(pk=over.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    gate.end(make_admin(), ended.pk)

    sign_up(client, username="casino1", email="a@mail.example")

    assert User.objects.filter(username="casino1").exists()


def test_the_nightly_chore_deletes_what_ended_a_week_ago():
    now = timezone.now()
    stands, fresh, old, ended = (block("name", f"{name}*") for name in ("casino", "poker", "roulette", "lottery"))
    SignUpBlock.objects.filter(pk=fresh.pk).update(ends_at=now - timedelta(days=6))
    SignUpBlock.objects.filter(pk=old.pk).update(ends_at=now - timedelta(days=8))
    SignUpBlock.objects.filter(pk=ended.pk).update(ended_at=now - timedelta(days=8))

    assert block_lists.forget_ended() == 2
    assert set(SignUpBlock.objects.all()) == {stands, fresh}


def test_a_blocked_domain_takes_no_change_of_address(client):
    member = make_user(email="old@mail.example")
    block("domain", "mail.example")
    client.force_login(member)
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    refused = client.post("/account/email/", {"email": "new@sub.mail.example", "action_add": ""})
    taken = client.post("/account/email/", {"email": "new@example.com", "action_add": ""})

    assert "We cannot write to this address." in refused.text
    assert taken.status_code == 302
    assert not EmailAddress.objects.filter(email__endswith="mail.example", verified=False).exists()


def test_members_who_are_here_are_not_touched(client):
    make_user("casinofan", email="fan@mail.example")
    block("domain", "mail.example")
    block("name", "casinofan")
    block("address", "192.0.2.7")

    answer = client.post("/account/login/", {"login": "casinofan", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")

    assert answer.status_code == 302


def test_an_address_without_an_end_is_refused_by_the_database():
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="blocked_addresses_have_an_end"), transaction.atomic():
        SignUpBlock.objects.create(
            kind="address", value="192.0.2.7", folded="192.0.2.7/32", first_address="192.0.2.7",
            last_address="192.0.2.7", by=make_admin(), at=timezone.now(),
        )  # fmt: skip
    assert not RateCount.objects.filter(key__contains="sign_up").exists()


@given(st.text(max_size=40))
def test_no_text_breaks_the_folding(text):
    domain, network, name = block_lists.fold_domain(text), block_lists.network_of(text), block_lists.fold_name(text)

    assert domain == block_lists.fold_domain(domain)
    assert network is None or network == block_lists.network_of(str(network))
    assert not name or block_lists.is_like(name, block_lists.bare_name(text.strip().strip("*")))
