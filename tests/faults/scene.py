"""One round: what its script has at hand, and what is counted when it is over."""

import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg

from config.devserver.embedded_postgres import DatabaseError
from tests.faults.clients import Crowd, Tally
from tests.faults.processes import Stuck
from tests.faults.site import Site
from tests.faults.web import Web, serving


@dataclass
class Result:
    """A line of the table."""

    name: str
    acked: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    drift: int = 0
    errors: int = 0
    notes: list[str] = field(default_factory=list)
    # What must not be, besides lost, doubled and drift.
    wrong: list[str] = field(default_factory=list)
    # Of a control: which of the figures must not be 0.
    must_show: str = ""
    was_left_out: bool = False

    @property
    def is_right(self) -> bool:
        if self.was_left_out:
            return True
        if self.wrong:
            return False
        if self.must_show:
            return getattr(self, self.must_show) > 0
        return not (self.lost or self.doubled or self.drift)


class Fault(NamedTuple):
    """A round by name. Quick ones are part of the proofs; a control makes a mistake, and must show it."""

    name: str
    script: Callable[["Scene"], None]
    is_quick: bool
    must_show: str

    @property
    def words(self) -> str:
        return (self.script.__doc__ or "").split("\n")[0].rstrip(".")


# Of what a round waits for, asks or starts.
FAILURES = (Stuck, RuntimeError, DatabaseError, psycopg.Error, subprocess.SubprocessError, OSError)
FAULTS: dict[str, Fault] = {}


def fault(name: str, *, quick: bool = False, must_show: str = "") -> Callable:
    """Decorator: registers the script of a round."""

    def register(script: Callable[["Scene"], None]) -> Callable[["Scene"], None]:
        FAULTS[name] = Fault(name, script, quick, must_show)
        return script

    return register


class LeftOut(Exception):
    """The round cannot be had here; the message says why."""


class Scene:
    """What a script has: the site, its web server, members who write, and randomness of the seed alone."""

    def __init__(self, site: Site, web: Web, rng: random.Random, result: Result) -> None:
        self.site, self.web, self.random, self.result = site, web, rng, result
        self.tally = Tally()

    def note(self, words: str) -> None:
        self.result.notes.append(words)

    @contextmanager
    def serving(self, **words: Any) -> Iterator[Web]:
        """A web server of its own, with mistakes for one."""
        with serving(self.site, **words) as web:
            yield web

    @contextmanager
    def writing(
        self, members: int = 6, *, web: Any = None, topics: list[int] | None = None, has_keys: bool = True
    ) -> Iterator[Crowd]:
        """Context manager: so many members write; at its end every post in hand is finished."""
        planted = self.site.planted
        sessions = self.random.sample(planted["members"], members)
        crowd = Crowd(
            (web or self.web).port, sessions, topics or planted["topics"], self.random, self.tally,
            page=planted["page"], has_keys=has_keys,
        )  # fmt: skip
        with crowd:
            yield crowd

    def some(self, least: int, most: int) -> int:
        return self.random.randint(least, most)


def play(site: Site, web: Web, chosen: Fault, seed: str) -> Result:
    """Play a round, and count. What could not be waited for any longer is wrong, and ends no other round."""
    result = Result(chosen.name, must_show=chosen.must_show)
    scene = Scene(site, web, random.Random(f"{seed} {chosen.name}"), result)
    try:
        is_played = _try(result, lambda: _begin(site, web)) and _try(result, lambda: chosen.script(scene))
    except LeftOut as why:
        result.notes.append(f"left out: {why}")
        result.was_left_out = True
        return result
    if is_played or _try(result, lambda: _begin(site, web)):
        _try(result, lambda: count_posts(scene))
    return result


def _try(result: Result, work: Callable[[], None]) -> bool:
    try:
        work()
    except FAILURES as error:
        result.wrong.append(" ".join(str(error).split()) or type(error).__name__)
        return False
    return True


def _begin(site: Site, web: Web) -> None:
    """Whatever the round before has left."""
    site.database.start()
    if not web.answers():
        web.stop()
        web.start()
    site.inside("forget_tasks")


def count_posts(scene: Scene, site: Site | None = None) -> None:
    """Compare what was acknowledged with what is stored, and counters with a fresh count, which mends them."""
    site, result, tally = site or scene.site, scene.result, scene.tally
    if tally.written:
        _count_written(site, result, tally)
    drifts = site.inside("drift")
    result.drift += len(drifts)
    if drifts:
        result.notes.append(f"drift: {'; '.join(drifts[:3])}")
        site.inside("mend")


def _count_written(site: Site, result: Result, tally: Tally) -> None:
    stored: dict[str, list[int]] = {}
    question = "SELECT id, source FROM forum_post WHERE source = ANY(%s)"
    for pk, text in site.ask(question, [[post.text for post in tally.written]]):
        stored.setdefault(text, []).append(pk)
    result.acked += len(tally.acknowledged)
    result.stored += len(stored)
    result.lost += sum(post.acknowledged not in stored.get(post.text, ()) for post in tally.acknowledged)
    result.doubled += sum(len(pks) - 1 for pks in stored.values())
    result.errors += tally.errors
    result.notes += _notes_of(tally)
    if tally.unanswered:
        result.wrong.append(f"{len(tally.unanswered)} posts were never answered")
    if tally.textless:
        result.wrong.append(f"{len(tally.textless)} errors without the typed text ({set(tally.textless)})")


def _notes_of(tally: Tally) -> list[str]:
    seen = tally.seen
    read = sum(times for what, times in seen.items() if str(what) in ("visitor 200", "visitor 304"))
    visits = sum(times for what, times in seen.items() if str(what).startswith("visitor"))
    refused = sum(post.refused is not None for post in tally.written)
    notes = [f"{seen['cut']} lines cut"] if seen["cut"] else []
    notes += [f"{refused} refused"] if refused else []
    return [*notes, f"visitors read {read} of {visits}"]
