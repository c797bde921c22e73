"""A HUP, as `systemctl reload` sends it, while readers read and a member writes: no request fails, no post is lost."""

import http.client
import signal
import threading
import time
import urllib.parse
import uuid

import pytest
from django.conf import settings
from django.test import Client

from forum.models import Post
from tests.factories import make_user
from tests.forum.factories import make_topic
from tests.processes.servers import running
from tests.races import wait_until

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]
RELOADS = 2
TOKEN = "reload" + "0" * 26


class Load:
    """Threads that ask until they are told to stop; what failed, and how many were answered."""

    def __init__(self, server):
        self.port = server.port
        self.answered, self.failed = 0, []
        self.is_over = threading.Event()
        self._threads = []

    def add(self, ask):
        self._threads.append(threading.Thread(target=self._repeat, args=[ask]))
        self._threads[-1].start()

    def end(self):
        self.is_over.set()
        for thread in self._threads:
            thread.join(120)

    def _repeat(self, ask):
        while not self.is_over.is_set():
            try:
                status = ask(self.port)
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
            else:
                self.answered += 1
                if status >= 400:
                    self.failed.append(status)
            self.is_over.wait(0.02)


def request(port, method, path, body=None, **headers):
    """On a connection of its own, as nginx makes them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def read(port):
    return request(port, "GET", "/about/")


def writer(topic):
    """Replies with keys of their own; the keys of those that were acknowledged."""
    acknowledged = []
    member = Client()
    member.force_login(make_user(trust=2))
    session = member.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    def write(port):
        key = str(uuid.uuid4())
        typed = {"source": f"Open today. {key}", "idempotency_key": key, "csrfmiddlewaretoken": TOKEN}
        body, kind = urllib.parse.urlencode(typed), "application/x-www-form-urlencoded"
        status = request(port, "POST", f"/topics/{topic.pk}/reply/", body, Cookie=cookies, Content_Type=kind)
        if status == 302:
            acknowledged.append(key)
        return status

    return write, acknowledged


def children_of(server):
    pid = server.process.pid
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return set(children.read().split())


def reload(server):
    """Until only processes of after the HUP are left, and one of them answers. Between the two, requests wait."""
    before = children_of(server)
    server.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 120
    while before & children_of(server) or not children_of(server):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert read(server.port) == 200


def test_a_reload_under_load_fails_no_request_and_loses_no_post():
    topic = make_topic()
    write, acknowledged = writer(topic)
    with running(1, RATE_LIMIT_POST="100000/10m") as [server]:
        load = Load(server)
        try:
            for ask in (read, read, read, write):
                load.add(ask)
            for _ in range(RELOADS):
                reload(server)
                enough = load.answered + 8
                wait_until(lambda enough=enough: load.answered > enough, otherwise="Nobody is answered any more.")
        finally:
            load.end()

    stored = [
        str(key) for key in Post.objects.filter(topic=topic, number__gt=1).values_list("idempotency_key", flat=True)
    ]
    assert load.failed == []
    assert acknowledged
    assert sorted(stored) == sorted(acknowledged)
