"""A letter is sent once, by the worker, and again only if it may not have arrived."""

from datetime import timedelta
from smtplib import SMTPConnectError, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from config.worker import task_worker
from forum.models import Post, Reading
from notifications.letters import delivery, emails
from notifications.models import Bounce, Letter
from notifications.news.tell import Cause, tell_all
from notifications.tasks import send_letter
from tests.factories import make_user
from tests.forum.factories import make_post
from tests.forum.test_at_once import at_once
from tests.notifications.letters.factories import Kind, make_news, news_with_letter, refuse, tell_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_once_by_the_worker(settings, transactional_db, monkeypatch):
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)
    settings.LETTER_DELAY = 0


def test_the_worker_sends_it_and_not_twice(at_once_by_the_worker):
    news = tell_of(make_user())

    call_command("worker", "--once")
    call_command("worker", "--once")

    assert len(mail.outbox) == 1
    assert Letter.objects.get(pk=news.letter_id).sent_at is not None


def test_the_worker_sends_what_is_due_and_leaves_the_rest(at_once_by_the_worker):
    later, now = tell_of(make_user()).letter, tell_of(make_user()).letter
    Letter.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(hours=1))

    call_command("worker", "--once")

    assert [message.to for message in mail.outbox] == [[now.user.email]]


def test_the_worker_sends_many_letters_over_few_connections(at_once_by_the_worker, monkeypatch):
    made = []
    monkeypatch.setattr(delivery, "mailers", Counting(made))
    tell_all([make_user().pk for _ in range(45)], Cause(Kind.MODERATION, "one", "/rules/", subject="A word"))

    call_command("worker", "--once")

    assert (len(mail.outbox), len(made)) == (45, 3)


class Counting:
    """Mailers that note how often they were made."""

    def __init__(self, made):
        self.made = made

    @property
    def default(self):
        self.made.append(1)
        return EmailBackend(alias="default")


@pytest.mark.parametrize(
    "fields",
    [
        {"email_confirmed_at": None},
        {"is_active": False},
        {"suspended_until": timezone.now() + timedelta(days=1)},
        {"banned_at": timezone.now()},
    ],
    ids=["unconfirmed", "away", "suspended", "banned"],
)
def test_some_members_get_no_letters_neither_new_ones_nor_those_that_wait(fields):
    user, before = make_user(**fields), make_user()
    letter = news_with_letter(before).letter
    type(before).objects.filter(pk=before.pk).update(**fields)

    delivery.send(letter.pk)

    letter.refresh_from_db()
    assert news_with_letter(user).letter is None
    assert mail.outbox == []
    assert (letter.dropped_at is not None, letter.problem) == (True, "The member may get no letters.")


def test_news_of_a_post_that_is_hidden_meanwhile_is_neither_sent_nor_shown(client):
    user, post = make_user(), make_post()
    news = tell_of(user, subject="Secret of the post", post=post)
    Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now(), hidden_by=post.author)
    client.force_login(user)

    delivery.send(news.letter_id)

    assert mail.outbox == []
    assert "Secret of the post" not in client.get("/notifications/").text


def test_what_was_read_meanwhile_is_not_sent():
    news = news_with_letter()
    type(news).objects.update(read_at=timezone.now())

    delivery.send(news.letter_id)

    assert mail.outbox == []
    assert Letter.objects.get().problem == "Nothing to tell any more."


# --- When it fails ---


@pytest.fixture
def still_clock(monkeypatch):
    """The time, which stands still: what is just as old as may be is told from what is older."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.fixture
def broken_server(monkeypatch):
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def test_a_letter_that_the_mail_server_refuses_is_tried_again_later_and_later_and_then_given_up(broken_server):
    letter = tell_of(make_user()).letter
    pauses = []
    while letter.dropped_at is None:
        began = timezone.now()
        delivery.send(letter.pk)
        letter.refresh_from_db()
        pauses.append(letter.due_at - began)

    assert [round(pause / timedelta(minutes=5)) for pause in pauses[:-1]] == [1, 6, 36, 144, 288, 576]
    assert letter.beginnings_count == 7
    assert "421" in letter.problem


@pytest.mark.parametrize(
    ("error", "can_be_reached"),
    [
        (None, True), (SMTPConnectError(421, b"Away"), False), (OSError("No route"), False), (ValueError("Odd"), True),
        (SMTPRecipientsRefused({"a@b.example": (550, b"5.1.1 No such user")}), True),
        (SMTPRecipientsRefused({"a@b.example": (450, b"4.2.1 Busy")}), True),
    ],
    ids=repr,
)  # fmt: skip
def test_a_mail_server_that_answers_can_be_reached(monkeypatch, error, can_be_reached):
    def send_messages(backend, messages):
        if error:
            raise error

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    assert delivery.send(tell_of(make_user()).letter_id) is can_be_reached


@pytest.mark.parametrize("compose", [lambda letter: None, lambda letter: 1 / 0], ids=["nothing to tell", "a mistake"])
def test_a_letter_without_words_says_nothing_against_the_mail_server(monkeypatch, compose):
    monkeypatch.setattr(emails, "compose", compose)

    assert delivery.send(tell_of(make_user()).letter_id) is True


def test_a_letter_that_failed_is_sent_later(monkeypatch):
    letter = tell_of(make_user()).letter
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        delivery.send(letter.pk)

    delivery.send(letter.pk)
    delivery.send(letter.pk)

    letter.refresh_from_db()
    assert len(mail.outbox) == 1
    assert (letter.sent_at is not None, letter.problem) == (True, "")


def test_a_mail_server_that_is_away_is_asked_once_and_not_for_each_letter(monkeypatch, settings):
    settings.LETTER_DELAY = 0
    asked = []

    def away(mailer, messages):
        asked.append(messages)
        raise SMTPConnectError(421, b"Away")

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    tell_all([make_user().pk for _ in range(5)], Cause(Kind.MODERATION, "one", "/rules/", subject="A word"))

    delivery.send_due(), delivery.send_due()

    assert len(asked) == 1
    assert Letter.objects.waiting().filter(due_at__gt=timezone.now()).count() == 5
    assert Letter.objects.filter(beginnings_count=0).count() == 4


def test_an_address_that_the_mail_server_does_not_know_is_not_tried_again(monkeypatch):
    letter = tell_of(make_user()).letter
    unknown = SMTPRecipientsRefused({"rider@example.org": (550, b"5.1.1 No such user")})
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *args: (_ for _ in ()).throw(unknown))

    delivery.send(letter.pk)

    letter.refresh_from_db()
    bounce = Bounce.objects.get()
    assert letter.dropped_at is not None
    assert letter.problem == "The mail server would not take it: 550 5.1.1 No such user"
    assert (bounce.kind, bounce.words, bounce.letter, bounce.key) == (
        "hard", "550 5.1.1 No such user", letter, f"smtp-{letter.pk}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "unknown"),
    [
        ((550, b"5.1.1 No such user"), "550 5.1.1 No such user"), ((550, b""), "550 "), ((559, b"Gone"), "559 Gone"),
        ((553, "5.1.3\r\n  Bad address"), "553 5.1.3 Bad address"), ((549, b"5.1.1 No such user"), ""),
        ((560, b"5.1.1 No such user"), ""), ((550, b"5.7.1 Blocked"), ""), ((550, b"5.2.2 Full"), ""),
        ((450, b"5.1.1 No such user"), ""),
    ],
)  # fmt: skip
def test_which_answers_say_that_an_address_is_unknown(answer, unknown):
    assert delivery._address_is_unknown(SMTPRecipientsRefused({"rider@example.org": answer})) == unknown
    assert delivery._address_is_unknown(SMTPRecipientsRefused({})) == ""
    assert delivery._address_is_unknown(SMTPConnectError(*answer)) == ""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SMTPRecipientsRefused({"a@b.example": (450, b"4.2.1 <a@b.example>: busy")}), "450 4.2.1 <…>: busy"),
        (SMTPRecipientsRefused({}), "{}"),
        (OSError("no route for rider@example.org"), "no route for …"),
    ],
)
def test_what_went_wrong_is_noted_without_addresses(error, words):
    assert delivery._without_addresses(error) == words


def test_of_a_long_answer_a_line_that_can_be_read_is_noted(monkeypatch):
    letter = tell_of(make_user()).letter
    long = OSError("421\x00" + "later " * 50)
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *args: (_ for _ in ()).throw(long))

    delivery.send(letter.pk)

    problem = Letter.objects.get().problem
    assert problem.startswith("The mail server would not take it: 421 later later")
    assert len(problem) == 200


@pytest.mark.parametrize("answer", [(450, b"4.2.1 Busy"), (550, b"5.7.1 Blocked by our policy"), (451, b"Greylisted")])
def test_other_refusals_say_nothing_against_the_address(monkeypatch, answer):
    letter = tell_of(make_user()).letter
    refused = SMTPRecipientsRefused({"rider@example.org": answer})
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *args: (_ for _ in ()).throw(refused))

    delivery.send(letter.pk)

    letter.refresh_from_db()
    assert letter.dropped_at is None
    assert not Bounce.objects.exists()


def test_a_letter_that_cannot_be_put_into_words_does_not_stop_the_others(monkeypatch, settings):
    settings.LETTER_DELAY = 0
    bad, good = tell_of(make_user()).letter, tell_of(make_user()).letter
    compose = emails.compose
    monkeypatch.setattr(emails, "compose", lambda letter: compose(letter) if letter.pk == good.pk else 1 / 0)

    delivery.send_due()

    bad.refresh_from_db()
    assert len(mail.outbox) == 1
    assert "ZeroDivisionError" in bad.problem
    assert bad.due_at > timezone.now()


def test_a_letter_whose_worker_was_killed_is_sent_by_the_next_one_at_once(at_once_by_the_worker):
    letter = tell_of(make_user()).letter
    Letter.objects.update(begun_at=timezone.now(), beginnings_count=1)
    delivery.send_due()
    assert mail.outbox == []

    call_command("worker", "--once")
    call_command("worker", "--once")

    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<letter-{letter.pk}-")


@pytest.mark.parametrize(("minutes", "is_sent"), [(14.5, False), (15.5, True)])
def test_or_a_quarter_of_an_hour_later_by_a_worker_that_ran_all_the_time(minutes, is_sent):
    letter = tell_of(make_user()).letter
    Letter.objects.update(begun_at=timezone.now() - timedelta(minutes=minutes), beginnings_count=1)

    delivery.send(letter.pk)

    assert len(mail.outbox) == is_sent


@pytest.mark.parametrize(("begun", "is_sent"), [(delivery.MOST_CUT_OFF - 1, True), (delivery.MOST_CUT_OFF, False)])
def test_a_letter_that_ends_its_worker_each_time_is_given_up(begun, is_sent):
    letter = tell_of(make_user()).letter
    long_ago = timezone.now() - delivery.BROKEN_OFF * 2
    Letter.objects.update(begun_at=long_ago, beginnings_count=begun)

    delivery.send(letter.pk)

    letter.refresh_from_db()
    assert len(mail.outbox) == is_sent
    assert (letter.sent_at is not None, letter.dropped_at is not None) == (is_sent, not is_sent)
    assert letter.problem == ("" if is_sent else "Begun 7 times in vain.")


@pytest.mark.parametrize(
    ("kind", "days", "is_sent"),
    [
        ("news", 7, True), ("news", 7.1, False), ("day", 7, True), ("day", 7.1, False), ("week", 14, True),
        ("week", 14.1, False),
    ],
)  # fmt: skip
def test_a_letter_that_waited_too_long_tells_nothing_new_and_one_of_a_week_waits_for_a_week_more(
    still_clock, kind, days, is_sent
):
    letter = news_with_letter().letter
    Letter.objects.update(kind=kind, made_at=still_clock - timedelta(days=days))

    delivery.send(letter.pk)

    assert (len(mail.outbox), Letter.objects.get().problem) == ((1, "") if is_sent else (0, "Too late."))


def test_one_that_is_dropped_or_sent_already_or_waits_for_its_reader_does_not_stop_the_others(settings):
    settings.LETTER_DELAY = 0
    late, read, good = tell_of(make_user()).letter, news_with_letter(), tell_of(make_user()).letter
    reads(read.user, read.topic)
    Letter.objects.filter(pk=late.pk).update(made_at=timezone.now() - delivery.OLDEST * 2)

    assert delivery.send_due() == 3
    assert delivery.send(good.pk)  # sent already: nothing is wrong with the mail server
    assert [message.to for message in mail.outbox] == [[good.user.email]]


def test_the_one_that_waits_longest_goes_first_and_none_after_the_worker_wants_to_end():
    waited, newest, oldest = (tell_of(make_user()).letter for _ in range(3))
    for letter, minutes in ((waited, 5), (newest, 1), (oldest, 9)):
        Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now() - timedelta(minutes=minutes))

    tried = [delivery.send_due(most=2), delivery.send_due(goes_on=lambda: False), delivery.send_due()]

    assert tried == [2, 1, 0]
    assert [message.to for message in mail.outbox] == [[letter.user.email] for letter in (oldest, waited, newest)]


def test_what_a_killed_worker_had_begun_is_taken_up_and_nothing_else():
    begun, failed, waiting, sent = (tell_of(make_user()).letter for _ in range(4))
    now = timezone.now()
    Letter.objects.filter(pk__in=[begun.pk, failed.pk, sent.pk]).update(begun_at=now)
    Letter.objects.filter(pk=failed.pk).update(problem="421 Busy")
    Letter.objects.filter(pk=sent.pk).update(sent_at=now)

    delivery.take_up_cut_off()

    problems = [Letter.objects.get(pk=letter.pk).problem for letter in (begun, failed, waiting, sent)]
    assert problems == [delivery.CUT_OFF, "421 Busy", "", ""]


def test_what_was_handed_over_while_the_database_was_away_is_noted_afterwards_and_once(monkeypatch):
    letter = tell_of(make_user()).letter
    with monkeypatch.context() as away:
        away.setattr(Letter, "note_sent", lambda self: (_ for _ in ()).throw(OperationalError("gone")))
        with pytest.raises(OperationalError):
            delivery.send(letter.pk)

    noted_before = Letter.objects.get().sent_at
    delivery.note_handed_over()
    noted_at = Letter.objects.get().sent_at
    delivery.note_handed_over()

    assert noted_before is None
    assert noted_at is not None
    assert (len(mail.outbox), delivery._handed_over) == (1, [])


def test_operators_are_told_what_was_refused_lately_and_what_nobody_has_begun():
    now = timezone.now()
    refused = {"begun_at": now - timedelta(minutes=5), "problem": f"{delivery.REFUSED}: 450 Busy"}
    late = {"due_at": now - timedelta(hours=2)}
    states = [
        refused, refused | {"begun_at": now - timedelta(hours=2)}, refused | {"sent_at": now},
        refused | {"problem": delivery.CUT_OFF}, late, late | {"begun_at": now}, late | {"dropped_at": now},
        {"due_at": now},
    ]  # fmt: skip
    letters = [tell_of(make_user()).letter for _ in states]
    for letter, values in zip(letters, states, strict=True):
        Letter.objects.filter(pk=letter.pk).update(**{"due_at": now, **values})

    an_hour_ago = now - timedelta(hours=1)

    assert list(delivery.refused(an_hour_ago)) == [letters[0]]
    assert list(delivery.overdue(an_hour_ago)) == [letters[4]]


@pytest.mark.database
def test_two_workers_at_once_send_one_letter(transactional_db):
    letter = tell_of(make_user()).letter

    failures = at_once(*[lambda: delivery.send(letter.pk) for _ in range(8)])

    assert failures == []
    assert len(mail.outbox) == 1


@pytest.mark.database
def test_control_without_a_beginning_all_of_them_send_it(transactional_db, monkeypatch):
    letter = tell_of(make_user()).letter
    monkeypatch.setattr(delivery, "_begin", lambda pk: Letter.objects.select_related("user").get(pk=pk))

    at_once(*[lambda: delivery.send(letter.pk) for _ in range(8)])

    assert len(mail.outbox) > 1


# --- In peace, and not too many ---


def reads(user, topic, ago=timedelta(0)):
    """The member looked at the topic so long ago."""
    Reading.objects.update_or_create(user=user, topic=topic, defaults={"number": 1, "seen_at": timezone.now() - ago})


def test_no_letter_comes_while_one_reads_the_topic_but_afterwards():
    news = news_with_letter()
    reads(news.user, news.topic, ago=timedelta(minutes=2))

    delivery.send(news.letter_id)
    waits_until = Letter.objects.get().due_at
    reads(news.user, news.topic, ago=delivery.READS_NOW)
    quiet = list(mail.outbox)
    delivery.send(news.letter_id)

    assert quiet == []
    assert timedelta(minutes=2) < waits_until - timezone.now() <= timedelta(minutes=3)
    assert len(mail.outbox) == 1
    assert Letter.objects.get().beginnings_count == 1


@pytest.mark.parametrize(("minutes", "waits"), [(60, True), (60.1, False)])
def test_a_letter_waits_an_hour_at_most_while_one_reads(still_clock, minutes, waits):
    news = news_with_letter()
    reads(news.user, news.topic)
    letter = Letter(user=news.user, thread=news.letter.thread, made_at=still_clock - timedelta(minutes=minutes))

    quiet_until = delivery._quiet_until(letter, still_clock)

    assert quiet_until == (still_clock + timedelta(minutes=5) if waits else None)


def test_who_reads_another_topic_or_reads_for_hours_gets_it():
    news, late = news_with_letter(), news_with_letter()
    reads(news.user, late.topic)
    reads(late.user, late.topic)
    Letter.objects.filter(pk=late.letter_id).update(made_at=timezone.now() - delivery.QUIET_FOR * 2)

    delivery.send(news.letter_id), delivery.send(late.letter_id)

    assert len(mail.outbox) == 2


def test_after_twenty_letters_in_a_day_the_rest_comes_in_the_next_of_the_day():
    user = make_user()
    for _ in range(delivery.MOST_A_DAY + 3):
        delivery.send(news_with_letter(user).letter_id)

    digest = Letter.objects.get(kind="day")

    assert len(mail.outbox) == delivery.MOST_A_DAY
    assert digest.news.count() == 3
    Letter.objects.filter(sent_at__isnull=False).update(sent_at=timezone.now() - delivery.A_DAY)
    delivery.send(digest.pk)
    assert "3 things since the last letter" in mail.outbox[-1].subject


@pytest.mark.parametrize(
    ("sent_before", "hours_ago", "waits_hours"),
    [(19, 1, None), (20, 1, 23), (21, 1, 23), (20, 23.5, 0.5), (20, 24, None)],
)
def test_twenty_letters_are_enough_for_twenty_four_hours(still_clock, sent_before, hours_ago, waits_hours):
    user, ago = make_user(), timedelta(hours=hours_ago)
    facts = {"user": user, "kind": "acts", "made_at": still_clock}
    Letter.objects.bulk_create(
        Letter(key=str(number), sent_at=still_clock - ago + timedelta(seconds=-number), **facts)
        for number in range(sent_before)
    )
    digest = Letter.objects.create(key="day", due_at=still_clock, beginnings_count=1, **(facts | {"kind": "day"}))

    assert delivery.is_held_back(digest) is (waits_hours is not None)

    digest.refresh_from_db()
    waits = digest.due_at - still_clock
    assert waits == (timedelta(hours=waits_hours, seconds=-19) if waits_hours else timedelta(0))


def test_a_letter_of_the_day_that_is_one_too_many_waits():
    user = make_user()
    for _ in range(delivery.MOST_A_DAY):
        delivery.send(news_with_letter(user).letter_id)
    digest = news_with_letter(user, Kind.TOPIC).letter

    delivery.send(digest.pk)

    digest.refresh_from_db()
    assert len(mail.outbox) == delivery.MOST_A_DAY
    assert digest.due_at > timezone.now() + timedelta(hours=23)
    assert digest.dropped_at is None


def test_twenty_letters_to_another_count_for_nobody_else():
    for _ in range(delivery.MOST_A_DAY):
        delivery.send(news_with_letter(make_user()).letter_id)

    delivery.send(news_with_letter(make_user()).letter_id)

    assert len(mail.outbox) == delivery.MOST_A_DAY + 1


def test_a_queued_task_of_an_older_release_still_sends():
    send_letter.call(tell_of(make_user()).letter_id)

    assert len(mail.outbox) == 1


def test_news_without_a_letter_is_in_none():
    assert make_news().letter is None
    assert not Letter.objects.exists()
