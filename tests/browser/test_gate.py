import threading

import pytest

from .gate import UNAVAILABLE, Gate


class Slow:
    """An application whose answer comes when the test says so."""

    def __init__(self):
        self.began, self.may_end = threading.Event(), threading.Event()
        self.ended = False

    def __call__(self, environ, start_response):
        start_response("200 OK", [])
        self.began.set()
        self.may_end.wait(60)
        return self

    def __iter__(self):
        yield b"slow"

    def close(self):
        self.ended = True


@pytest.fixture
def slow():
    return Slow()


def ask(gate):
    said = []
    body = b"".join(gate({}, lambda status, headers: said.append(status)))
    return said[0], body


def test_an_open_gate_lets_requests_through(slow):
    slow.may_end.set()
    assert ask(Gate(slow)) == ("200 OK", b"slow")
    assert slow.ended


def test_shutting_waits_for_what_is_inside_and_lets_in_no_more(slow):
    gate = Gate(slow)
    inside = threading.Thread(target=ask, args=[gate])
    inside.start()
    assert slow.began.wait(60)
    threading.Timer(0.2, slow.may_end.set).start()
    gate.shut()
    assert slow.ended
    assert ask(gate) == (UNAVAILABLE, b"")
    inside.join()
    gate.open()
    assert ask(gate) == ("200 OK", b"slow")


def test_a_request_that_never_ends_is_told_of(slow, monkeypatch):
    monkeypatch.setattr("tests.browser.gate.SECONDS", 0.05)
    gate = Gate(slow)
    threading.Thread(target=ask, args=[gate]).start()
    assert slow.began.wait(60)
    with pytest.raises(AssertionError, match="1 requests do not end"):
        gate.shut()
    slow.may_end.set()


def test_what_fails_inside_does_not_stay_counted():
    gate = Gate(lambda environ, start_response: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(gate)
    gate.shut()
