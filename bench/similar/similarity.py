"""What it costs to recognise the crossing of a title and to find similar topics, on a forum of 200,000 topics.

`./run bench --similarity`: median and 95th percentile of the CPU time that this process and PostgreSQL take for one
query, and of the wall-clock time; on a copy of the data, which is thrown away afterwards.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection

from accounts.models import User
from accounts.readers import VISITOR
from bench.meter.cpu import cpu_of
from bench.meter.inside import Inside
from bench.pages import Page, suggestions
from bench.sample import SignedIn
from bench.similar.similarity_topics import places, title
from config.devserver.launcher import say
from crossings.gazetteer import matcher
from crossings.models import Crossing
from crossings.similar import ranking
from forum.models import Topic

QUESTIONS = 400
WARM_UP = 20


def report() -> None:
    dice = random.Random("questions")  # noqa: S311 (the same each time)
    asked = [title(dice, name, town) for name, _, town, _ in dice.choices(places(), k=QUESTIONS)]
    say(f"{Topic.objects.count():,} topics, {Crossing.objects.count():,} crossings, {len(asked)} questions; in ms:")
    say(f"{'':34}    CPU     p95     wall     p95")
    for name, act in _acts():
        say(f"{name:34} {_times(act, asked)}")
    if settings.SIMILAR_BY_MEANING:
        say("Without the option SIMILAR_BY_MEANING:")
        settings.SIMILAR_BY_MEANING = False
        for name, act in _acts():
            say(f"{name:34} {_times(act, asked)}")


def _acts() -> Iterator[tuple[str, Callable[[str], object]]]:
    subforums = ranking.readable_subforum_ids(VISITOR)
    inside, topic = Inside(), Topic.objects.select_related("subforum").latest("pk")
    writer = SignedIn(User.objects.filter(is_staff=False, moderated_subforums=None).latest("posts_count", "pk"))
    yield "Reading names, without database", lambda asked: matcher.current().best(asked)
    yield "gazetteer.match", matcher.match
    yield "The statement", lambda asked: ranking.rank(asked, about=matcher.find(asked), subforum_ids=subforums)
    yield "The statement, no crossing known", lambda asked: ranking.rank(asked, about=None, subforum_ids=subforums)
    yield "similar_topics", ranking.similar_topics
    yield "The composer's suggestions (POST)", lambda asked: _ask(inside, suggestions(topic, asked, writer))


def _ask(inside: Inside, page: Page) -> None:
    page.check(inside.request(page))


def _times(act: Callable[[str], object], asked: list[str]) -> str:
    for words in asked[:WARM_UP]:
        act(words)
    cpu, wall = [], []
    for words in asked:
        begun, worked = time.perf_counter(), _cpu()
        act(words)
        cpu.append((_cpu() - worked) * 1000)
        wall.append((time.perf_counter() - begun) * 1000)
    return "   ".join(
        f"{statistics.median(taken):6.2f}  {statistics.quantiles(taken, n=20)[-1]:6.2f}" for taken in (cpu, wall)
    )


def _cpu() -> float:
    """CPU seconds of this process and of its PostgreSQL backend, not of others."""
    connection.ensure_connection()
    return cpu_of(os.getpid()) + cpu_of(connection.connection.info.backend_pid)
