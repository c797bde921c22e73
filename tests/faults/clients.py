"""Those who write in a round, as browsers do: a post counts as acknowledged only by its redirect, and after an error or
a broken line the same form is sent again with the same key."""

import http.client
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from tests.faults.processes import SECONDS, wait_until
from tests.faults.web import get

TOKEN = "a" * 32  # of the cookie and of the form: what Django compares
WORDS = ["the", "gate", "was", "open", "at", "nine", "and", "the", "guard", "waved", "us", "through", "after", "lunch"]
# Seconds before the same form is sent again, each time twice as long.
PAUSE, LONGEST_PAUSE = 0.1, 1.6


class Broken(Exception):
    """The line broke before an answer came: nobody knows whether it was taken."""


@dataclass
class Answer:
    status: int
    location: str
    body: str

    @property
    def post(self) -> int | None:
        """The id of the post that a redirect acknowledges."""
        parts = self.location.strip("/").split("/")
        return int(parts[1]) if self.status == 302 and parts[0] == "posts" and parts[1].isdecimal() else None


class Client:
    """One member's browser: one connection that stays open, a session, a CSRF token."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session = port, session
        self._line: http.client.HTTPConnection | None = None

    def post(self, path: str, form: dict[str, object]) -> Answer:
        """Raises Broken."""
        try:
            if self._line is None:
                self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
            self._line.request("POST", path, *self.request_of(form))
            answer = self._line.getresponse()
            return Answer(answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace"))
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            raise Broken from error

    def request_of(self, form: dict[str, object]) -> tuple[str, dict[str, str]]:
        """Body and headers."""
        headers = {"Cookie": f"session={self.session}; csrf={TOKEN}"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return urlencode({**form, "csrfmiddlewaretoken": TOKEN}, doseq=True), headers

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


@dataclass
class Written:
    """One post that somebody wants to write: its text is its own, so that rows can be counted by it."""

    key: str
    text: str
    topic: int
    acknowledged: int | None = None
    refused: int | None = None


@dataclass
class Tally:
    """What the clients of a round saw."""

    written: list[Written] = field(default_factory=list)
    seen: Counter = field(default_factory=Counter)
    # Statuses of errors on which the typed text did not stand.
    textless: list[int] = field(default_factory=list)
    unanswered: list[Written] = field(default_factory=list)

    @property
    def acknowledged(self) -> list[Written]:
        return [post for post in self.written if post.acknowledged]

    @property
    def errors(self) -> int:
        return sum(times for what, times in self.seen.items() if isinstance(what, int) and what >= 500)


class Crowd:
    """Context manager: members who write at the same time until its end, when each finishes the post in hand."""

    def __init__(
        self,
        port: int,
        sessions: list[str],
        topics: list[int],
        rng: random.Random,
        tally: Tally,
        *,
        page: str,
        has_keys: bool = True,
    ) -> None:
        self.port, self.topics, self.page, self.has_keys = port, topics, page, has_keys
        self.tally = tally
        self._ends = threading.Event()
        self._gives_up_at = float("inf")
        self._threads = [
            threading.Thread(target=self._write, args=[session, random.Random(rng.getrandbits(64))], daemon=True)
            for session in sessions
        ]
        self._threads.append(threading.Thread(target=self._read, daemon=True))

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._gives_up_at = time.monotonic() + SECONDS
        self._ends.set()
        for thread in self._threads:
            thread.join(2 * SECONDS)

    def wait_for_posts(self, more: int, *, outside_of: int | None = None) -> None:
        """Until so many more posts are acknowledged, those in one topic left out."""

        def now() -> int:
            return sum(post.topic != outside_of for post in self.tally.acknowledged)

        wanted = now() + more
        wait_until(lambda: now() >= wanted, f"{more} more posts are acknowledged")

    def wait_for(self, what: object, more: int) -> None:
        """Until clients have seen this status, or "cut", so many times more."""
        wanted = self.tally.seen[what] + more
        wait_until(lambda: self.tally.seen[what] >= wanted, f"{more} more answers {what}")

    # --- A member ---

    def _write(self, session: str, rng: random.Random) -> None:
        client = Client(self.port, session)
        while not self._ends.is_set():
            key = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            words = " ".join(rng.choices(WORDS, k=rng.randint(4, 40)))
            post = Written(key, f"{words} {key}", rng.choice(self.topics))
            self.tally.written.append(post)
            self.send_until_answered(client, post)
        client.hang_up()

    def send_until_answered(self, client: Client, post: Written) -> None:
        form = {"source": post.text} | ({"idempotency_key": post.key} if self.has_keys else {})
        for again in count():
            if again:
                time.sleep(min(PAUSE * 2**again, LONGEST_PAUSE))
            if time.monotonic() > self._gives_up_at:
                break
            try:
                answer = client.post(f"/topics/{post.topic}/reply/", form)
            except Broken:
                self.tally.seen["cut"] += 1
                continue
            self.tally.seen[answer.status] += 1
            post.acknowledged = answer.post
            if post.acknowledged:
                return
            if answer.status < 500:  # by the forum's rules: a locked topic, for one
                post.refused = answer.status
                return
            if post.text not in answer.body or (self.has_keys and f'value="{post.key}"' not in answer.body):
                self.tally.textless.append(answer.status)
        self.tally.unanswered.append(post)

    # --- A visitor ---

    def _read(self) -> None:
        while not self._ends.wait(PAUSE):
            self.tally.seen[f"visitor {get(self.port, self.page, SECONDS)}"] += 1
