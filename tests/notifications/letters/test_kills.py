"""A real worker, a real mail server, and kills in the middle: no letter is lost, and none comes a third time."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.core.mail.backends.smtp import EmailBackend

from notifications.letters import delivery, threads
from notifications.models import Letter
from notifications.news.tell import Cause, tell_all
from tests.factories import make_user
from tests.notifications.letters.factories import Kind, tell_of
from tests.notifications.letters.smtp_sink import STAGES, listening
from tests.processes.servers import ROOT, database_url

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 20
LETTERS = 3
WORKER = ["manage.py", "worker", "--once"]
CARELESS_WORKER = ["tests/notifications/letters/careless_worker.py"]


class Killer:
    """Kills the worker when the conversation about the n-th letter has come to a stage. Once."""

    def __init__(self, stage, number):
        self.stage, self.number = stage, number
        self.seen = 0
        self.process = None
        self.has_killed = False

    def __call__(self, stage):
        if stage != self.stage or self.process is None or self.has_killed:
            return
        self.seen += 1
        if self.seen == (1 if stage == "connected" else self.number):
            self.has_killed = True
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(60)


def work(sink, command, killer=None):
    """Run a worker until nothing is due, or it is killed."""
    mail_server = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port), "SMTP_TLS": "0", "LETTER_DELAY": "0"}
    environment = {**os.environ, "DATABASE_URL": database_url(), "DATABASE_ROLE": "app", **mail_server}
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
    if killer:
        killer.process = process
    return process.wait(120)


def kill_and_go_on(command, stage, number, key):
    """Three letters; the worker is killed at the stage; another one goes on. How often each Message-ID came."""
    killer = Killer(stage, number)
    tell_all([make_user().pk for _ in range(LETTERS)], Cause(Kind.MODERATION, key, "/rules/", subject="A word"))
    with listening(killer) as sink:
        codes = [work(sink, command, killer), work(sink, command)]
    assert codes == [-signal.SIGKILL, 0], "the worker was not killed, or the next one failed"
    return Counter(str(message["Message-ID"]) for message in sink.messages())


def expected(key):
    return {threads.message_id(letter) for letter in Letter.objects.filter(news__key=key)}


@pytest.fixture
def no_delay(settings):
    settings.LETTER_DELAY = 0


@pytest.mark.rehearsal
def test_no_letter_is_lost_and_none_comes_twice_but_the_one_that_was_cut_off(no_delay):
    repeated = 0
    for number in range(ROUNDS):
        stage, key = STAGES[number % len(STAGES)], f"round-{number}"

        came = kill_and_go_on(WORKER, stage, 1 + number % LETTERS, key)

        assert set(came) == expected(key), f"lost or made up when killed at {stage}"
        assert max(came.values()) <= 2
        assert sum(came.values()) <= LETTERS + 1
        repeated += sum(came.values()) - LETTERS
        assert not Letter.objects.filter(sent_at=None).exists()
    assert repeated > 0, "no kill fell between kept and noted, so this proves nothing"


@pytest.mark.rehearsal
def test_control_a_worker_that_notes_it_before_it_sends_it_loses_letters(no_delay):
    came = kill_and_go_on(CARELESS_WORKER, "rcpt", 2, "careless")

    assert len(expected("careless") - set(came)) == 1


def test_what_a_real_mail_server_gets_is_what_was_sent(monkeypatch, settings):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    letter = tell_of(make_user(username="kopek"), words="Ünïcödé 吐尔尕特\n.\n..dots").letter
    with listening() as sink:
        mailer = EmailBackend(alias="default", host="127.0.0.1", port=sink.port)
        delivery.send(letter.pk, mailer)
        mailer.close()

    (message,) = sink.messages()
    raw = sink.kept[0]
    assert sink.senders == [f"bounces+{threads.tag(letter.pk)}@example.org"]
    assert message["Message-ID"] == threads.message_id(letter)
    assert b"List-Unsubscribe: <http" in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert "Ünïcödé 吐尔尕特" in message.get_body(("plain",)).get_content()
    assert Letter.objects.get().sent_at is not None
