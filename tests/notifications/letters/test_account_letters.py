"""Letters about accounts are rows first: their links are made when they are sent, and a mail server that is away loses
no account and no name."""

import re
import smtplib
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.signup import account_mail
from accounts.signup.account_mail import ADDRESS_CHANGED, CONFIRM, EXISTS, RESET, UNKNOWN
from notifications.letters import account_letters, bounces, delivery, threads
from notifications.letters.returned import delivery_reports
from notifications.models import Bounce, Letter
from tests.accounts.test_signing_up import sign_up
from tests.factories import PASSWORD, make_user
from tests.mailbox import sent
from tests.notifications.letters.factories import tell_of

pytestmark = pytest.mark.django_db
CHANGED = "account/email/password_changed"


@pytest.fixture
def mail_server(monkeypatch):
    """Makes the mail server fail with an error, or work again with None."""
    take = EmailBackend.send_messages
    trouble = []

    def send_messages(backend, messages):
        if trouble and trouble[-1] is not None:
            raise trouble[-1]
        return take(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return trouble.append


def reset(client, email):
    return client.post("/account/password/reset/", {"email": email})


def make_due(**later):
    Letter.objects.waiting().update(due_at=timezone.now() - timedelta(seconds=1), **later)


def link_in(message):
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]


# --- Rows ---


def test_signing_up_writes_the_account_and_its_letter_in_one_transaction(client, monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError("no row for the letter")

    monkeypatch.setattr(account_letters, "queue", fail)

    with pytest.raises(IntegrityError):
        sign_up(client)

    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()


def test_the_row_holds_member_and_purpose_and_no_token(client):
    sign_up(client)
    reset(client, "kopek@example.org")

    confirmation, password = Letter.objects.order_by("pk")
    assert (confirmation.user.username, confirmation.purpose, confirmation.address) == ("kopek", CONFIRM, "")
    assert (password.user.username, password.purpose, password.address) == ("kopek", RESET, "")
    tokens = {link_in(message).rstrip("/").rpartition("/")[2] for message in sent()}
    assert len(tokens) == 2
    for row in Letter.objects.values_list():
        assert not any(token in str(value) for token in tokens for value in row)


def test_an_address_without_account_is_forgotten_once_its_letter_is_sent(client):
    reset(client, "Who@example.org")
    before = Letter.objects.get()

    (message,) = sent()

    assert (before.user_id, before.purpose, before.address) == (None, UNKNOWN, "who@example.org")
    assert message.to == ["who@example.org"]
    assert Letter.objects.get().address == ""
    Letter.objects.update(made_at=timezone.now() - timedelta(days=9))
    account_letters.forget_old()
    assert not Letter.objects.exists()


def test_members_and_strangers_who_ask_for_a_password_cost_the_same_statements(client):
    make_user("known", email="known@example.org")
    statements = []
    for email in ("known@example.org", "who@example.org", "known@example.org", "who@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            reset(client, email)
        about_letters = [query["sql"].split(" ")[0] for query in asked if '"notifications_letter"' in query["sql"]]
        statements.append(about_letters)

    assert statements[0] == statements[1] == ["UPDATE", "INSERT"]
    assert statements[2] == statements[3] == ["UPDATE"]


def test_asking_again_sends_one_letter_as_soon_as_possible(client, mail_server):
    make_user("kettle", email="kettle@example.org")
    mail_server(smtplib.SMTPDataError(451, b"later"))
    reset(client, "kettle@example.org")
    delivery.send_due()
    waiting = Letter.objects.get()

    reset(client, "kettle@example.org")

    again = Letter.objects.get()
    assert again.due_at < waiting.due_at
    assert again.made_at > waiting.made_at
    mail_server(None)
    assert len(sent()) == 1


def test_after_a_letter_was_sent_asking_brings_another(client):
    make_user("kettle", email="kettle@example.org")

    for _ in range(2):
        reset(client, "kettle@example.org")
        sent()

    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_the_database_keeps_one_waiting_letter_for_each_purpose():
    account_mail.ask(UNKNOWN, address="who@example.org")
    again = Letter.objects.get()
    again.pk, again.key = None, "another"

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_other_letters_have_a_member():
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(user=None, kind="news", key="x", made_at=timezone.now())


# --- What is in it when it is sent ---


def test_a_link_that_is_made_later_than_wished_is_valid_from_then_on(client, settings):
    settings.SITE_URL = "https://borderpost.example"
    sign_up(client)
    Letter.objects.update(made_at=timezone.now() - timedelta(days=3))

    client.post(link_in(sent()[0]))

    assert User.objects.get().can_write


def test_a_password_can_be_set_by_a_letter_that_came_late(client):
    make_user("kettle", email="kettle@example.org")
    reset(client, "kettle@example.org")
    Letter.objects.update(made_at=timezone.now() - timedelta(hours=20))

    page = client.get(link_in(sent()[0]), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "slow train to osh", "password2": "slow train to osh"})

    assert User.objects.get().check_password("slow train to osh")
    assert "was changed by the link" in sent()[-1].body


@pytest.mark.parametrize(
    ("purpose", "days", "is_sent"), [(RESET, 2, False), (CONFIRM, 6, True), (CONFIRM, 8, False), (CHANGED, 6, True)]
)
def test_what_is_too_late_is_not_sent(purpose, days, is_sent):
    member = make_user("kettle", email="kettle@example.org")
    member.emailaddress_set.create(email="new@example.org")
    account_mail.ask(purpose, user=member)
    Letter.objects.update(made_at=timezone.now() - timedelta(days=days))

    assert (len(sent()) == 1) is is_sent


@pytest.mark.parametrize(
    ("purpose", "age", "begun", "why"),
    [
        (account_mail.LOGIN_CODE, timedelta(minutes=15), 1, ""),
        (account_mail.LOGIN_CODE, timedelta(minutes=15, seconds=1), 1, "Too late."),
        (RESET, timedelta(days=1), 1, ""), (RESET, timedelta(days=1, seconds=1), 1, "Too late."),
        (CONFIRM, timedelta(days=7), 16, ""), (CONFIRM, timedelta(days=7, seconds=1), 1, "Too late."),
        (CONFIRM, timedelta(0), 17, "Begun 16 times in vain."),
    ],
)  # fmt: skip
def test_how_long_and_how_often_a_letter_about_an_account_is_tried(monkeypatch, purpose, age, begun, why):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    letter = Letter(kind="account", purpose=purpose, made_at=now - age, beginnings_count=begun)

    assert account_letters.why_not(letter) == why


@pytest.mark.parametrize(
    ("other", "verified", "goes_to"),
    [
        ("", False, "kettle@example.org"), ("other@example.org", True, "other@example.org"),
        ("other@example.org", False, ""), ("strange@example.org", True, ""),
    ],
)  # fmt: skip
def test_a_letter_that_was_asked_for_goes_to_an_own_address_that_is_confirmed(other, verified, goes_to):
    member = make_user("kettle", email="kettle@example.org")
    member.emailaddress_set.create(email="other@example.org", verified=verified)
    if other == "strange@example.org":
        make_user().emailaddress_set.create(email=other, verified=True)

    assert account_letters._own(Letter(user=member, address=other)) == goes_to


def test_what_was_confirmed_before_the_letter_went_needs_none(client):
    sign_up(client)
    EmailAddress.objects.update(verified=True)

    assert sent() == []
    assert Letter.objects.get().problem == "Nothing to tell any more."


@pytest.mark.parametrize(("purpose", "has_account"), [(UNKNOWN, True), (EXISTS, False)])
def test_what_is_no_longer_true_of_an_address_is_not_told(purpose, has_account):
    account_mail.ask(purpose, address="who@example.org")
    if has_account:
        make_user("who_is_it", email="who@example.org")

    assert sent() == []


def test_an_account_that_is_closed_is_unknown_like_none():
    make_user("who_is_it", email="who@example.org", is_active=False)
    account_mail.ask(UNKNOWN, address="who@example.org")

    assert len(sent()) == 1


@pytest.mark.parametrize(("door", "has_link"), [("open", True), ("closed", False)])
def test_who_is_unknown_is_led_to_the_sign_up_while_it_is_open(settings, door, has_link):
    settings.SIGNUP = door
    account_mail.ask(UNKNOWN, address="who@example.org")

    (message,) = sent()

    assert ("/account/signup/" in message.body) == has_link


def test_a_notice_goes_where_the_member_could_be_reached_when_it_happened(client):
    """Somebody who has got into an account changes password and address while the mail server is away."""
    member = make_user("kettle", email="kettle@example.org")
    account_mail.ask(CHANGED, user=member)
    User.objects.update(email="thief@example.org")
    member.refresh_from_db()
    account_mail.ask(ADDRESS_CHANGED, user=member, address="kettle@example.org")

    assert [message.to for message in sent()] == [["kettle@example.org"]] * 2


def test_suspended_members_get_letters_about_their_account():
    member = make_user("kettle", email="kettle@example.org", suspended_until=timezone.now() + timedelta(days=1))
    account_mail.ask(RESET, user=member)

    assert len(sent()) == 1


def test_letters_about_accounts_hold_one_address_our_sender_and_no_link_that_ends_them(settings):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    account_mail.ask(CHANGED, user=make_user("kettle", email="kettle@example.org"))

    (message,) = sent()

    assert message.to == ["kettle@example.org"]
    assert message.extra_headers["From"] == settings.MAIL_FROM
    assert message.from_email.startswith("bounces+")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message.extra_headers


# --- First, and beyond all caps ---


def test_letters_about_accounts_go_first():
    first, last = make_user(), make_user("kettle", email="kettle@example.org")
    tell_of(first)
    Letter.objects.update(due_at=timezone.now() - timedelta(hours=1))
    account_mail.ask(RESET, user=last)

    delivery.send_due(most=1)

    assert mail.outbox[0].to == ["kettle@example.org"]


def test_one_that_comes_while_others_are_sent_goes_next(monkeypatch):
    readers, late = [make_user() for _ in range(3)], make_user("kettle", email="kettle@example.org")
    for reader in readers:
        tell_of(reader)
    make_due()
    send = delivery.send

    def send_and_ask(letter_id, mailer):
        answer = send(letter_id, mailer)
        if not Letter.objects.about_accounts().exists():
            account_mail.ask(RESET, user=late)
        return answer

    monkeypatch.setattr(delivery, "send", send_and_ask)
    delivery.send_due()

    assert [message.to[0] == late.email for message in mail.outbox] == [False, True, False, False]


def test_they_count_to_no_cap_and_are_under_none():
    member = make_user("kettle", email="kettle@example.org")
    for number in range(delivery.MOST_A_DAY):
        values = {"kind": "account" if number % 2 else "acts", "key": str(number), "purpose": f"old-{number}"}
        Letter.objects.create(user=member, made_at=timezone.now(), sent_at=timezone.now(), **values)
    news = tell_of(member).letter
    account_mail.ask(RESET, user=member)
    make_due()

    delivery.send_due()

    assert len(mail.outbox) == 2
    news.refresh_from_db()
    assert news.sent_at


# --- Addresses from which letters came back ---


@pytest.mark.parametrize(
    ("kinds", "purpose", "ago", "is_sent"),
    [
        (["soft"] * 4, RESET, timedelta(hours=1), True),
        (["soft"] * 4, CHANGED, timedelta(hours=1), True),
        (["spam"], RESET, timedelta(hours=1), True),
        (["hard"], RESET, timedelta(hours=1), True),
        (["hard"] * 2, RESET, timedelta(hours=1), False),
        (["hard"] * 2, RESET, timedelta(days=2), True),
        (["hard"] * 2, CHANGED, timedelta(days=2), False),
    ],
)
def test_only_a_dead_address_gets_no_letter_and_one_try_a_day_that_was_asked_for(kinds, purpose, ago, is_sent):
    member = make_user("kettle", email="kettle@example.org")
    for number, kind in enumerate(kinds):
        bounces.record(member, Bounce.Kind(kind), f"bounce-{number}")
    Bounce.objects.update(at=timezone.now() - ago)
    account_mail.ask(purpose, user=member)

    assert (len(sent()) == 1) is is_sent


@pytest.mark.parametrize(
    ("purpose", "is_confirmed", "is_counted"),
    [(RESET, True, True), (CONFIRM, False, True), (CONFIRM, True, False), (ADDRESS_CHANGED, True, False)],
)
def test_a_bounce_counts_for_the_address_that_it_is_about(purpose, is_confirmed, is_counted):
    member = make_user("kettle", email="kettle@example.org")
    member.emailaddress_set.create(email="new@example.org")
    User.objects.update(email_confirmed_at=timezone.now() - timedelta(days=3) if is_confirmed else None)
    account_mail.ask(purpose, user=member, address="old@example.org" if purpose == ADDRESS_CHANGED else "")
    sent()
    letter = threads.letter_of(threads.tag(Letter.objects.get().pk))

    delivery_reports.record(letter, Bounce.Kind.HARD)

    assert Bounce.objects.exists() is is_counted


def test_a_bounce_of_an_address_without_member_counts_for_nobody(client):
    reset(client, "who@example.org")
    sent()

    delivery_reports.record(threads.letter_of(threads.tag(Letter.objects.get().pk)), Bounce.Kind.HARD)

    assert not Bounce.objects.exists()


# --- A mail server that is away ---

AWAY = [
    ConnectionRefusedError(111, "Connection refused"),
    TimeoutError("timed out"),
    smtplib.SMTPConnectError(421, b"too busy"),
    smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
    smtplib.SMTPAuthenticationError(535, b"bad credentials"),
]
REFUSES = [
    smtplib.SMTPDataError(451, b"try again later"),
    smtplib.SMTPRecipientsRefused({"kopek@example.org": (450, b"greylisted")}),
    smtplib.SMTPSenderRefused(550, b"not from you", "borderpost@localhost"),
]


@pytest.mark.parametrize("trouble", [*AWAY, *REFUSES, RuntimeError("a surprise of a backend")], ids=repr)
def test_signing_up_works_while_the_mail_server_does_not(client, mail_server, trouble):
    mail_server(trouble)

    page = client.get(sign_up(client)["Location"])
    delivery.send_due()

    assert "on its way" in page.text
    assert User.objects.get().username == "kopek"
    assert mail.outbox == []

    mail_server(None)
    make_due()
    (message,) = sent()
    client.post(link_in(message))
    assert client.post("/account/login/", {"login": "kopek", "password": PASSWORD})["Location"] == "/"


@pytest.mark.parametrize("trouble", AWAY, ids=repr)
def test_while_it_is_away_letters_about_accounts_are_tried_every_minute(client, mail_server, trouble):
    mail_server(trouble)
    sign_up(client)

    for _ in range(40):
        make_due()
        delivery.send_due()

    letter = Letter.objects.get()
    assert letter.dropped_at is None
    assert letter.beginnings_count == 0
    assert letter.due_at < timezone.now() + timedelta(minutes=1, seconds=1)
    assert letter.problem.startswith("The mail server would not take it")


def test_while_it_is_away_others_about_accounts_wait_for_a_minute_and_the_rest_for_five(mail_server):
    mail_server(TimeoutError("timed out"))
    rest = tell_of(make_user()).letter
    for name in ("kettle", "saddle"):
        account_mail.ask(CHANGED, user=make_user(name, email=f"{name}@example.org"))
    make_due()
    began = timezone.now()

    delivery.send_due()

    waits = [letter.due_at - began for letter in Letter.objects.about_accounts()]
    assert [round(wait / timedelta(minutes=1)) for wait in waits] == [1, 1]
    assert round((Letter.objects.get(pk=rest.pk).due_at - began) / timedelta(minutes=1)) == 5


def test_one_that_it_refuses_is_tried_for_days_then_given_up(client, mail_server):
    mail_server(smtplib.SMTPDataError(451, b"try again later"))
    sign_up(client)

    for number in range(len(account_letters.PAUSES)):
        make_due()
        delivery.send_due()
        assert Letter.objects.get().dropped_at is None, number
    make_due()
    delivery.send_due()

    assert Letter.objects.get().dropped_at


def test_the_waits_grow_from_a_minute_to_a_day_as_the_documentation_says():
    letters = [Letter(kind="account", beginnings_count=begun) for begun in range(1, 17)]

    waits = [account_letters.pause_after(letter) for letter in letters]

    hours = [1, 2, 4, 8, 12, 24, 24, 24, 24, 24]
    minutes = [1, 2, 5, 15, 30, *(60 * number for number in hours)]
    assert waits == [*(timedelta(minutes=number) for number in minutes), None]


@pytest.mark.parametrize(("days", "is_kept"), [(7.9, True), (8.1, False)])
def test_a_letter_to_an_address_without_member_is_forgotten_after_eight_days(days, is_kept):
    account_mail.ask(UNKNOWN, address="who@example.org")
    Letter.objects.update(made_at=timezone.now() - timedelta(days=days))

    account_letters.forget_old()

    assert Letter.objects.exists() is is_kept


def test_an_address_that_it_does_not_know_ends_the_letter_and_counts_for_the_member(client, mail_server):
    mail_server(smtplib.SMTPRecipientsRefused({"kopek@example.org": (550, b"5.1.1 no such user")}))
    sign_up(client)
    reset(client, "who@example.org")

    delivery.send_due()

    assert [letter.dropped_at is None for letter in Letter.objects.all()] == [False, False]
    assert Bounce.objects.get().user.username == "kopek"


def test_a_kind_that_nobody_can_compose_later_is_an_error_at_once(client):
    from accounts.signup.adapter import AccountAdapter

    with pytest.raises(NotImplementedError, match="invented"):
        AccountAdapter().send_mail("account/email/invented", "who@example.org", {"code": "123456"})


def test_a_new_address_is_confirmed_though_the_one_before_is_dead():
    member = make_user("kettle", email="kettle@example.org")
    member.emailaddress_set.create(email="new@example.org")
    User.objects.update(email_confirmed_at=timezone.now() - timedelta(days=3))
    for number in range(2):
        bounces.record(member, Bounce.Kind.HARD, f"bounce-{number}")

    account_mail.ask(CONFIRM, user=member)

    assert [letter.to for letter in sent()] == [["new@example.org"]]


def test_no_address_stands_in_logs_and_problems(client, mail_server, caplog):
    mail_server(smtplib.SMTPRecipientsRefused({"who@example.org": (550, b"5.1.1 <who@example.org>: no such user")}))
    reset(client, "who@example.org")

    delivery.send_due()

    assert "who@example.org" not in Letter.objects.get().problem + caplog.text
    assert "no such user" in Letter.objects.get().problem


def test_what_is_asked_for_again_while_it_is_sent_goes_out_once_more(client, monkeypatch):
    make_user("kettle", email="kettle@example.org")
    reset(client, "kettle@example.org")
    take, asked = EmailBackend.send_messages, []

    def send_messages(backend, messages):
        if not asked:
            asked.append(True)
            reset(client, "kettle@example.org")
        return take(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    assert len(sent()) == 2
    assert Letter.objects.get().sent_at


def test_asking_again_begins_the_attempts_from_the_first():
    member = make_user("kettle", email="kettle@example.org")
    account_mail.ask(RESET, user=member)
    Letter.objects.update(beginnings_count=16, begun_at=timezone.now(), problem="away")

    account_mail.ask(RESET, user=member)

    assert Letter.objects.get().beginnings_count == 0
    assert len(sent()) == 1
