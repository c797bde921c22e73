"""Whether the mail server takes letters, and what DNS says of them: the operator hears it before members wait."""

import base64
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager
from datetime import timedelta

import dns.message
import dns.resolver
import dns.rrset
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from accounts import site_info
from accounts.models import SiteText
from config.health import mail_records, smtp_conversation
from config.health.doctor import mail_delivery
from config.health.doctor.results import Level
from config.health.mail_records import NotLookedAt
from forum.site_texts.actions import save_text
from notifications.models import Letter
from tests.config.fake_smtp import fake_smtp
from tests.config.test_run import free_port
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LONG_KEY = base64.b64encode(b"x" * 294).decode()


@pytest.fixture
def public(settings):
    settings.IS_LOCAL, settings.HTTPS, settings.DEMO = False, True, False
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["forum.example.org"], "https://forum.example.org"
    settings.MAIL_FROM = "Borderpost <post@example.org>"
    return settings


@pytest.fixture
def server(settings):
    """Settings that lead to a fake mail server: plain and without name unless the test says otherwise."""

    @contextmanager
    def run(*, tls=False, user="", **options):
        with fake_smtp(**options) as fake:
            settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_TLS = "localhost", fake.server_address[1], tls
            settings.SMTP_USER, settings.SMTP_PASSWORD = user, "hush-hush" if user else ""
            yield fake

    return run


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    folder = tmp_path_factory.mktemp("certificate")
    words = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    words += ["-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", *words, "-keyout", folder / "key", "-out", folder / "cert"]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "cert").read_text() + (folder / "key").read_text())
    return str(both)


def check(to="you@example.org"):
    call_command("mail_check", to=to)


# --- The conversation ---


def test_a_letter_that_is_taken_is_told_step_by_step(server, certificate, monkeypatch, capsys):
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    with server(tls=True, user="post", certificate=certificate) as fake:
        check()

    first, second, third, last = capsys.readouterr().out.splitlines()
    assert first.startswith("localhost answers on port")
    assert "encrypted" in second
    assert third == "It takes us as post."
    assert last.startswith("It took the letter to you@example.org.")
    assert "Message-ID: <" in fake.letters[0]


TROUBLES = [
    ({"greeting": "554 Go away"}, "sends us away: 554 Go away"),
    ({"greeting": ""}, "ended the conversation in the middle"),
    ({"tls": True, "EHLO": "250 fake"}, "offers no STARTTLS"),
    ({"user": "post", "EHLO": "250 fake"}, "offers no signing in"),
    ({"user": "post", "AUTH": "535 Wrong"}, "refuses our name and password: 535 Wrong. Correct SMTP_USER and"),
    ({"MAIL": "550 Not from you"}, "does not take letters from Borderpost <borderpost@localhost>: 550 Not from you"),
    ({"RCPT": "550 Nobody here"}, "does not take letters to that address: 550 Nobody here"),
    ({"DATA": "451 Later"}, "refused the letter: 451 Later"),
    ({"END": "552 Too big"}, "refused the letter: 552 Too big"),
    ({"RCPT": ""}, "ended the conversation in the middle"),
]


@pytest.mark.parametrize(("options", "words"), TROUBLES)
def test_each_kind_of_failure_has_its_words(server, options, words):
    with server(**options), pytest.raises(CommandError) as error:
        check()

    assert words in str(error.value)
    assert "hush-hush" not in str(error.value)


def test_a_certificate_that_nobody_vouches_for_is_said(server, certificate):
    with server(tls=True, certificate=certificate), pytest.raises(CommandError, match="certificate is not good"):
        check()


def test_nobody_listens(settings):
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", free_port()

    with pytest.raises(CommandError, match=r"Nothing listens at 127\.0\.0\.1, port"):
        check()


def test_no_such_server(settings):
    settings.SMTP_HOST = "mail.no-such-host.invalid"

    with pytest.raises(CommandError, match=r"Nobody knows a server .*invalid\. Correct SMTP_HOST"):
        check()


def test_a_server_that_does_not_answer(settings, monkeypatch):
    monkeypatch.setattr(smtp_conversation, "PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.SMTP_HOST, settings.SMTP_PORT = silent.getsockname()

        with pytest.raises(CommandError, match=r"does not answer within 0\.2 seconds\. See whether a firewall"):
            check()


def test_without_a_server_the_letter_goes_where_letters_go(settings, capsys):
    settings.SMTP_HOST = ""

    check()

    assert mail.outbox[0].to == ["you@example.org"]
    assert "SMTP_HOST is not set" in capsys.readouterr().out


def test_the_letter_bears_the_sites_own_name_and_goes_without_a_database_too(server, monkeypatch):
    save_text(make_user(is_staff=True), SiteText.Kind.NAME, source="Overland Gazette")
    with server() as fake:
        monkeypatch.setattr(site_info, "_seen", (0, -float("inf")))
        check()
        monkeypatch.setattr(site_info, "read_state", away)
        monkeypatch.setattr(site_info, "_seen", (0, -float("inf")))
        check()

    assert ["Overland Gazette" in letter for letter in fake.letters] == [True, False]


def away():
    raise OperationalError("The database is away.")


def test_an_address_beyond_ascii_is_said_where_the_server_takes_none(server):
    with server(), pytest.raises(CommandError, match="takes no addresses beyond ASCII"):
        check("you@bücher.example")


def test_a_password_beyond_ascii_is_said_and_no_traceback(server, settings):
    with server(user="post") as fake:
        settings.SMTP_PASSWORD = "pässwort"
        assert not [step for step in smtp_conversation.converse() if step.went_well][1:]
    assert fake.letters == []


def test_what_is_no_address_is_said():
    with pytest.raises(CommandError, match="you is not an e-mail address"):
        check("you")


def test_doctor_speaks_with_it_and_hands_no_letter_over(server):
    with server() as fake:
        finding = mail_delivery.mail_server()

    assert finding.level == Level.RIGHT
    assert fake.letters == []


def test_doctor_says_what_failed_and_offers_a_test_letter(settings):
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", free_port()

    finding = mail_delivery.mail_server()

    assert finding.level == Level.WRONG
    assert "Nothing listens" in finding.words
    assert "mail_check --to" in finding.advice


# --- Whom letters come from ---


@pytest.mark.parametrize(
    ("address", "level"),
    [
        ("post@example.org", "right"),
        ("post@localhost", "wrong"),
        ("post@forum", "wrong"),
        ("post@forum.local", "wrong"),
        ("post@[192.0.2.1]", "wrong"),
        ("post@192.0.2.1", "wrong"),
    ],
)
def test_letters_come_from_a_domain_that_can_be_known(public, address, level):
    public.MAIL_FROM = f"Borderpost <{address}>"

    assert mail_delivery.sender().level == level


def test_message_ids_end_with_a_domain(public):
    public.SITE_URL = "https://forum"

    assert mail_delivery.sender().level == Level.WARNING


def test_one_click_needs_https(public):
    assert mail_delivery.unsubscribing().level == Level.RIGHT

    public.HTTPS = False

    assert mail_delivery.unsubscribing().level == Level.WARNING


def test_a_site_of_this_machine_is_right(settings):
    looks = [
        mail_delivery.sender,
        mail_delivery.unsubscribing,
        mail_delivery.spf,
        mail_delivery.dkim,
        mail_delivery.dmarc,
    ]

    assert {look().level for look in looks} == {Level.RIGHT}


# --- DNS ---


@pytest.fixture
def records(monkeypatch):
    """A resolver that knows these names, and no others."""

    def know(**names):
        monkeypatch.setattr(mail_records, "texts", lambda name: [names[name]] if name in names else [])

    return know


@pytest.mark.parametrize(
    ("text", "level"),
    [("v=spf1 mx -all", "right"), ("V=SPF1 a ~all", "right"), ("v=spf1 +all", "warning"), ("hello", "warning")],
)
def test_spf(public, records, text, level):
    records(**{"example.org": text})

    assert mail_delivery.spf().level == level


def test_two_spf_records_are_none(public, monkeypatch):
    monkeypatch.setattr(mail_records, "texts", lambda name: ["v=spf1 -all", "v=spf1 mx -all"])

    assert "2 SPF records" in mail_delivery.spf().words


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (f"v=DKIM1; k=rsa; p={LONG_KEY}", "right"),
        (f"p={LONG_KEY[:40]} {LONG_KEY[40:]}", "right"),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "right"),
        ("v=DKIM1; p=", "warning"),
        ("v=DKIM1; p=c2hvcnQ=", "warning"),
        ("v=DKIM1; p=***", "warning"),
        ("hello", "warning"),
    ],
)
def test_dkim(public, records, text, level):
    public.DKIM_SELECTOR = "mail"
    records(**{"mail._domainkey.example.org": text})

    assert mail_delivery.dkim().level == level


def test_dkim_without_selector_is_not_looked_at(public):
    public.DKIM_SELECTOR = ""

    assert "DKIM_SELECTOR is not set" in mail_delivery.dkim().words


@pytest.mark.parametrize(
    ("name", "text", "level"),
    [
        ("_dmarc.forum.example.org", "v=DMARC1; p=reject", "right"),
        ("_dmarc.example.org", "v=DMARC1; p=none; rua=mailto:post@example.org", "right"),
        ("_dmarc.example.org", "v=DMARC1", "warning"),
        ("_dmarc.example.org", "hello", "warning"),
        ("_dmarc.other.org", "v=DMARC1; p=none", "warning"),
    ],
)
def test_dmarc(public, records, name, text, level):
    public.MAIL_FROM = "post@forum.example.org"
    records(**{name: text})

    assert mail_delivery.dmarc().level == level


@pytest.mark.parametrize("look", [mail_delivery.spf, mail_delivery.dkim, mail_delivery.dmarc])
def test_without_a_resolver_nothing_is_wrong(public, monkeypatch, look):
    def ask(name):
        raise NotLookedAt("no servers")

    public.DKIM_SELECTOR = "mail"
    monkeypatch.setattr(mail_records, "texts", ask)

    assert look().level == Level.RIGHT
    assert "not looked at: no resolver answers" in look().words


def answer_once(server, texts):
    """One answer of a name server; without texts, that there is no such name."""
    raw, asker = server.recvfrom(2000)
    question = dns.message.from_wire(raw)
    answer = dns.message.make_response(question)
    if texts:
        answer.answer.append(dns.rrset.from_text_list(question.question[0].name, 60, "IN", "TXT", texts))
    else:
        answer.set_rcode(3)
    server.sendto(answer.to_wire(), asker)


@pytest.fixture
def name_server(monkeypatch):
    """A socket that the resolver asks."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        ours = dns.resolver.Resolver(configure=False)
        ours.nameservers, ours.port = ["127.0.0.1"], server.getsockname()[1]
        monkeypatch.setattr(mail_records.resolver, "Resolver", lambda: ours)
        yield server


@pytest.mark.parametrize(
    ("texts", "found"), [(['"v=spf1 " "mx -all"'], ["v=spf1 mx -all"]), ([], [])], ids=["known", "unknown"]
)
def test_a_real_resolver_is_asked(name_server, texts, found):
    thread = threading.Thread(target=answer_once, args=(name_server, texts))
    thread.start()

    assert mail_records.texts("example.org") == found
    thread.join()


def test_a_resolver_that_is_silent_is_not_waited_for(name_server, monkeypatch):
    monkeypatch.setattr(mail_records, "PATIENCE", 0.2)

    with pytest.raises(NotLookedAt):
        mail_records.texts("example.org")


# --- How long letters wait ---


@pytest.mark.parametrize(
    ("minutes", "fields", "level"),
    [
        (1, {}, "right"),
        (20, {}, "wrong"),
        (-20, {}, "right"),
        (
            20,
            {"problem": "The mail server would not take it: 451", "due_at": timezone.now() + timedelta(days=1)},
            "wrong",
        ),
        (20, {"sent_at": timezone.now()}, "right"),
        (20, {"dropped_at": timezone.now()}, "right"),
    ],
)
def test_the_oldest_letter_that_waits(minutes, fields, level):
    then = timezone.now() - timedelta(minutes=minutes)
    values = {"kind": "news", "key": "one", "made_at": then, "due_at": then} | fields
    Letter.objects.create(user=make_user(), **values)

    assert mail_delivery.oldest_letter().level == level
