"""Letters that come back: reports of mail servers are read, weighed, and make letters rarer or stop them."""

import io
import mailbox
import sys
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications.letters import bounces, delivery, preferences, threads
from notifications.letters.returned import delivery_reports
from notifications.models import Bounce, Frequency, Letter
from tests.factories import make_user
from tests.notifications.letters.factories import news_with_letter, tell_of

pytestmark = pytest.mark.django_db
STATUS = """Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user here
"""


@pytest.fixture
def letter():
    sent = tell_of(make_user()).letter
    delivery.send(sent.pk)
    mail.outbox.clear()
    return sent


def report(letter, *, status="5.1.1", action="failed", to="bounces@example.org", about=None):
    """What a mail server sends back (RFC 3464), with the headers of the letter."""
    about = threads.message_id(letter) if about is None else about
    return envelope(
        to,
        "delivery-status",
        ("message/delivery-status", STATUS.format(address="rider@example.org", status=status, action=action)),
        ("text/rfc822-headers", f"Message-ID: {about}\nSubject: A word\n"),
    )


def complaint(letter):
    """What a mailbox provider sends when its reader pressed "this is spam" (RFC 5965)."""
    return envelope(
        "bounces@example.org",
        "feedback-report",
        ("message/feedback-report", "Feedback-Type: abuse\nVersion: 1\n"),
        ("text/rfc822-headers", f"Message-ID: {threads.message_id(letter)}\n"),
    )


def envelope(to, kind, *parts):
    lines = [
        "From: MAILER-DAEMON@mx.example.org", f"To: {to}", "Subject: Undelivered Mail", "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="=b="', "", "--=b=",
        "Content-Type: text/plain", "", "I am sorry to have to tell you.", "",
    ]  # fmt: skip
    for content_type, text in parts:
        lines += ["--=b=", f"Content-Type: {content_type}", "", text]
    return "\n".join([*lines, "--=b=--", ""]).encode(errors="surrogatepass")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", "hard"), ("5.1.10", "hard"), ("5.0.0", "hard"), ("5.4.4", "hard"), ("5.2.2", "soft"),
        ("4.4.7", "soft"), ("4.2.2", "soft"), ("5.7.1", "soft"), ("5.3.4", "soft"),
    ],
)  # fmt: skip
def test_a_report_says_whether_an_address_is_wrong_or_only_full(letter, status, kind):
    assert delivery_reports.read(report(letter, status=status))

    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.user, bounce.letter) == (kind, letter.user, letter)
    assert status in bounce.words


def test_the_same_report_twice_counts_once(letter):
    delivery_reports.read(report(letter)), delivery_reports.read(report(letter))

    assert Bounce.objects.count() == 1


def test_a_delay_is_no_bounce(letter):
    assert not delivery_reports.read(report(letter, action="delayed", status="4.4.1"))
    assert not Bounce.objects.exists()


def test_a_report_to_the_letters_own_address_needs_no_message_id(letter):
    to = f"bounces+{threads.tag(letter.pk)}@example.org"

    assert delivery_reports.read(report(letter, to=to, about="<unknown@elsewhere.example>"))


def test_nobody_can_make_up_a_report_about_the_letter_of_another(letter):
    forged = [f"<letter-{letter.pk}@{threads.domain()}>", f"<letter-{letter.pk}-{'0' * 16}@{threads.domain()}>"]

    read = [delivery_reports.read(report(letter, about=about)) for about in forged]

    assert read == [False, False]
    assert not Bounce.objects.exists()


def test_a_complaint_stops_all_letters(letter):
    assert delivery_reports.read(complaint(letter))

    assert preferences.is_stopped(letter.user, preferences.ALL)
    assert news_with_letter(letter.user).letter is None


def test_an_ordinary_mail_is_no_report(letter):
    message = EmailMessage()
    message["Subject"] = "Hello"
    message.set_content(f"I got {threads.message_id(letter)}, thank you.")

    assert not delivery_reports.read(message.as_bytes())


@pytest.mark.parametrize("junk", [b"", b"\0\xff", b"Content-Type: multipart/report", b"x" * 2_000_000])
def test_junk_is_no_report(junk):
    assert not delivery_reports.read(junk)


def test_a_report_about_a_former_address_says_nothing_of_the_new_one(letter):
    for number in range(3):
        bounces.record(letter.user, Bounce.Kind.HARD, f"old-{number}")
    letter.user.email = "new@example.org"
    letter.user.save()

    assert not bounces.is_stopped(letter.user)
    assert news_with_letter(letter.user).letter.kind == "news"


def test_a_letter_that_waits_is_not_sent_to_an_address_that_is_stopped(letter):
    waiting = news_with_letter(letter.user).letter
    for number in range(2):
        bounces.record(letter.user, Bounce.Kind.HARD, f"one-{number}")

    delivery.send(waiting.pk)

    waiting.refresh_from_db()
    assert mail.outbox == []
    assert waiting.problem == "Letters to this address came back."


def test_old_bounces_are_forgotten_unless_they_stopped_the_letters():
    once, often, moved = make_user(), make_user(), make_user()
    bounces.record(once, Bounce.Kind.HARD, "one")
    for number in range(4):
        bounces.record(often, Bounce.Kind.SOFT, f"one-{number}")
    bounces.record(moved, Bounce.Kind.HARD, "one")
    lately = make_user()
    bounces.record(lately, Bounce.Kind.HARD, "one")
    for users, days in (([once, often], 30.1), ([lately], 29.9)):
        Bounce.objects.filter(user__in=users).update(at=timezone.now() - timedelta(days=days))
    type(moved).objects.filter(pk=moved.pk).update(email="moved@example.org")

    bounces.forget_old()

    assert set(Bounce.objects.values_list("user", flat=True)) == {often.pk, lately.pk}


@pytest.mark.parametrize(
    ("weight", "at_once", "weekly"),
    [
        (0, "now", "week"), (1, "now", "week"), (2, "day", "week"), (3, "day", "week"), (4, "never", "never"),
        (5, "never", "never"),
    ],
)  # fmt: skip
def test_how_rare_letters_become_by_the_weight_of_what_came_back(weight, at_once, weekly):
    lowered = [bounces.lowered(frequency, weight) for frequency in (Frequency.AT_ONCE, Frequency.WEEKLY)]

    assert lowered == [Frequency(at_once), Frequency(weekly)]


@pytest.mark.parametrize(("kinds", "is_stopped"), [(["soft"] * 3, False), (["soft"] * 4, True), (["hard"] * 2, True)])
def test_letters_stop_from_a_weight_of_four_on(letter, kinds, is_stopped):
    for number, kind in enumerate(kinds):
        bounces.record(letter.user, Bounce.Kind(kind), f"one-{number}")

    assert bounces.is_stopped(letter.user) is is_stopped


def test_of_long_words_and_keys_of_a_report_the_beginning_is_kept(letter):
    bounces.record(letter.user, Bounce.Kind.SOFT, "k" * 121, words="w" * 201)

    bounce = Bounce.objects.get()
    assert (len(bounce.key), len(bounce.words)) == (120, 200)


def test_who_says_that_the_address_works_gets_letters_again(client):
    user = make_user()
    for number in range(2):
        bounces.record(user, Bounce.Kind.HARD, f"one-{number}")
    client.force_login(user)
    page = client.get("/settings/letters/").text
    looked = client.get("/settings/letters/address/")

    stopped = bounces.is_stopped(user)
    client.post("/settings/letters/address/"), client.post("/settings/letters/address/")

    assert "Letters to your address came back" in page
    assert (looked.status_code, stopped) == (302, True)
    assert not bounces.is_stopped(user)
    assert "came back" not in client.get("/settings/letters/").text


# --- manage.py read_bounces ---


def test_a_maildir_is_read_once_and_nothing_in_it_is_deleted(letter, tmp_path, capsys):
    box = mailbox.Maildir(tmp_path / "bounces")
    for raw in (report(letter), complaint(letter), b"Subject: Buy now\n\nNow."):
        box.add(raw)

    call_command("read_bounces", str(tmp_path / "bounces"))
    call_command("read_bounces", str(tmp_path / "bounces"))

    said = capsys.readouterr().out.splitlines()
    assert said == ["Reports about letters: 2. Other mail: 1.", "Reports about letters: 0. Other mail: 0."]
    assert Bounce.objects.count() == 2
    assert len(list((tmp_path / "bounces" / "cur").iterdir())) == 3


def test_one_mail_is_read_from_a_pipe(letter, monkeypatch, capsys):
    for raw in (report(letter), b"Hello"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("read_bounces")

    assert Bounce.objects.count() == 1
    assert capsys.readouterr().err == "This is no report about a letter of this site.\n"


def test_a_folder_that_is_no_maildir_is_refused_in_words(tmp_path):
    with pytest.raises(CommandError, match="is no Maildir"):
        call_command("read_bounces", str(tmp_path))


def test_with_an_address_for_bounces_each_letter_has_its_own(settings):
    settings.BOUNCE_ADDRESS, settings.MAIL_FROM = "bounces@example.org", "Borderpost <post@example.org>"
    letter = tell_of(make_user()).letter

    delivery.send(letter.pk)

    message = mail.outbox[0]
    assert message.from_email == f"bounces+{threads.tag(letter.pk)}@example.org"
    assert str(message.message()["From"]) == "Borderpost <post@example.org>"
    assert Letter.objects.get().sent_at is not None
