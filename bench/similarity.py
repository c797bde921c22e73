"""What it costs to recognise the crossing of a title and to find similar topics, on a forum of 200,000 topics.

`./run bench --similarity`: median and 95th percentile of the CPU time that this process and PostgreSQL take for one
query, and of the wall-clock time; on the copy of the data, which is thrown away afterwards.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import batched

import psycopg
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.readers import VISITOR
from bench.meter.cpu import cpu_of
from bench.meter.inside import Inside
from bench.pages import Page, suggestions
from bench.sample import choose
from config.devserver.launcher import say
from crossings.editorial import importer
from crossings.gazetteer import matcher
from crossings.models import Country, Crossing, CrossingName
from crossings.similar import ranking, terms
from demo.texts import Writer
from forum.models import Post, Subforum, Topic

TOPICS = 200_000
CROSSINGS = 3_000
QUESTIONS = 400
BATCH = 5_000
WORDS = 40  # of an opening post
# What a title says besides the place.
ABOUT = [
    "with a bicycle in {month}", "by motorbike, which papers", "is it open for foreigners", "hours at the weekend",
    "queue for cars on Sunday",
    "bus from {town}, price", "dog without vaccination papers", "drone in the luggage",
    "visa on arrival or e-visa", "carnet and deposit", "insurance sold at the gate", "on foot with a backpack at night",
    "road washed away, how rough", "medicine and prescription", "searched for an hour", "taxi to {town}",
    "train to {town}, sleeper", "snow in {month}, chains needed", "exchange rate, cash machines", "children and a van",
]  # fmt: skip
MONTHS = ["January", "March", "April", "May", "June", "July", "September", "October", "December"]
SYLLABLES = ["ka", "ra", "to", "gul", "shi", "ben", "mor", "du", "zan", "tek", "lo", "vi", "khor", "ash", "ty", "uz"]


def report(topics: int = TOPICS) -> None:
    dice = random.Random("similar")  # noqa: S311 (the same each time)
    _make_crossings(dice)
    terms.rebuild()
    asked = [_title(dice, name, town) for name, town in dice.choices(_places(), k=QUESTIONS)]
    _measure(asked)
    _make_topics(dice, topics)
    _measure(asked)


def _measure(asked: list[str]) -> None:
    say(f"{Topic.objects.count():,} topics, {Crossing.objects.count():,} crossings, {len(asked)} questions; in ms:")
    say(f"{'':34}    CPU     p95     wall     p95")
    for name, act in _acts():
        say(f"{name:34} {_times(act, asked)}")


def _acts() -> Iterator[tuple[str, Callable[[str], object]]]:
    subforums = ranking.readable_subforum_ids(VISITOR)
    sample, inside = choose(), Inside()
    yield "Reading names, without database", lambda title: matcher.current().best(title)
    yield "gazetteer.match", matcher.match
    yield "The statement", lambda title: ranking.rank(title, about=matcher.find(title), subforum_ids=subforums)
    yield "The statement, no crossing known", lambda title: ranking.rank(title, about=None, subforum_ids=subforums)
    yield "similar_topics", ranking.similar_topics
    yield (
        "The composer's suggestions (POST)",
        lambda title: _ask(inside, suggestions(sample.topic, title, sample.reader)),
    )


def _ask(inside: Inside, page: Page) -> None:
    page.check(inside.request(page))


def _times(act: Callable[[str], object], asked: list[str]) -> str:
    for title in asked[:20]:
        act(title)
    cpu, wall = [], []
    for title in asked:
        begun, worked = time.perf_counter(), _cpu()
        act(title)
        cpu.append((_cpu() - worked) * 1000)
        wall.append((time.perf_counter() - begun) * 1000)
    return "   ".join(
        f"{statistics.median(taken):6.2f}  {statistics.quantiles(taken, n=20)[-1]:6.2f}" for taken in (cpu, wall)
    )


def _cpu() -> float:
    """CPU seconds of this process and of its PostgreSQL backend, not of others."""
    connection.ensure_connection()
    return cpu_of(os.getpid()) + cpu_of(connection.connection.info.backend_pid)


def _make_crossings(dice: random.Random) -> None:
    """The real crossings, and others with made-up names, CROSSINGS in all."""
    importer.load()
    countries = list(Country.objects.order_by("code"))
    like = Crossing.objects.earliest("pk")
    more = []
    for number in range(Crossing.objects.count(), CROSSINGS):
        a, b = sorted(dice.sample(countries, 2), key=lambda country: country.code)
        name = f"{_word(dice)} {number}"
        made = {
            "slug": f"made-{number}",
            "name": name,
            "country_a": a,
            "country_b": b,
            "towns": [_word(dice), _word(dice)],
        }
        kept = {
            field: getattr(like, field) for field in ("latitude", "longitude", "kind", "as_of", "source", "confidence")
        }
        more.append(Crossing(**made, **kept))
    Crossing.objects.bulk_create(more)
    names = (CrossingName(crossing=crossing, text=_word(dice)) for crossing in more for _ in range(5))
    CrossingName.objects.bulk_create(names, ignore_conflicts=True)


def _word(dice: random.Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 4))).title()


def _places() -> list[tuple[str, str]]:
    rows = CrossingName.objects.filter(crossing__in=Crossing.objects.order_by("pk")[:180])
    return [(text, (towns or [text])[0]) for text, towns in rows.values_list("text", "crossing__towns")]


def _title(dice: random.Random, name: str, town: str) -> str:
    return f"{name} {dice.choice(ABOUT).format(month=dice.choice(MONTHS), town=town)}"[:120]


def _make_topics(dice: random.Random, count: int) -> None:
    subforums = list(Subforum.objects.filter(access=Subforum.Access.OPEN))
    author = User.objects.earliest("pk")
    places = _places()
    writer = Writer("similar")
    texts = [" ".join(source.split()[:WORDS]) for source in writer.sources(2_000)]
    now = timezone.now()
    done = Topic.objects.count()
    for numbers in batched(range(done, count), BATCH):
        topics = []
        for number in numbers:
            at = now - timedelta(minutes=2 * (count - number))
            title = _title(dice, *dice.choice(places)) if dice.random() < 0.8 else writer.title()
            topics.append(
                Topic(
                    subforum=dice.choice(subforums), title=title, slug="t", author=author, opened_at=at, last_post_at=at
                )
            )
        Topic.objects.bulk_create(topics)
        posts = [
            Post(
                topic=topic,
                author=author,
                number=1,
                source=dice.choice(texts),
                html="",
                markup_version=1,
                written_at=topic.opened_at,
            )
            for topic in topics
        ]
        Post.objects.bulk_create(posts)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE forum_topic SET opening_post_id = post.id, last_post_id = post.id, posts_count = 1"
                " FROM forum_post AS post"
                " WHERE post.topic_id = forum_topic.id AND forum_topic.id >= %s AND post.number = 1",
                [topics[0].pk],
            )
        terms.write(topic.pk for topic in topics)
        terms.link_by_words(topic.pk for topic in topics)
        say(f"{numbers[-1] + 1:,} topics …")
        if numbers[0] == done:
            _analyse()
    begun = time.perf_counter()
    terms.count_terms()
    say(f"Words counted in {time.perf_counter() - begun:.1f} s.")
    terms.catch_up()
    _analyse()


def _analyse() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
