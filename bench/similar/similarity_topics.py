"""The forum that similar topics are measured on: the demo's, with 3,000 crossings and 200,000 topics, filled by COPY.

Triggers and foreign keys are not asked (as a superuser may): the rows are made as the product would make them.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import batched

import numpy as np
import psycopg
from django.db import connection as of_django
from django.db.models import Max, Model
from django.utils import timezone

from accounts.models import User
from crossings.editorial import importer
from crossings.models import Country, Crossing, CrossingName, CrossingTopic
from crossings.similar import terms
from demo.texts import Writer
from forum.models import Post, Subforum, Topic

TOPICS = 200_000
CROSSINGS = 3_000
BATCH = 20_000
LINKED = 180  # crossings that topics are about
WORDS = 40  # of an opening post
TEXTS = 2_000  # distinct opening posts
MODEL, VECTOR = "all-MiniLM-L6-v2", 384  # of SIMILAR_BY_MEANING, and how many numbers its vectors have
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
Place = tuple[str, int, str, list[str]]  # a name, its crossing, a town, the countries
Say = Callable[[str], object]


def fill(superuser_url: str, say: Say, topics: int = TOPICS, crossings: int = CROSSINGS) -> None:
    """Make crossings and topics, this many in all, and everything that the statement for similar topics reads."""
    dice = random.Random("similar")  # noqa: S311 (the same each time)
    with psycopg.connect(superuser_url, autocommit=True) as database:
        database.execute("SET session_replication_role = replica")
        _timed(say, "crossings", lambda: _make_crossings(dice, crossings))
        _timed(say, "topics", lambda: _copy_topics(database, dice, topics))
        _timed(say, "words of topics", lambda: _without_index(database, terms.rebuild))
        _timed(say, "vectors", lambda: _copy_vectors(database))
        _timed(say, "statistics", lambda: database.execute("VACUUM ANALYZE"))


def _timed(say: Say, name: str, act: Callable[[], object]) -> None:
    begun = time.perf_counter()
    act()
    say(f"{name.capitalize()}: {time.perf_counter() - begun:.0f} s")


def title(dice: random.Random, name: str, town: str) -> str:
    return f"{name} {dice.choice(ABOUT).format(month=dice.choice(MONTHS), town=town)}"[:120]


def places() -> list[Place]:
    """The names of the first crossings; topics are about them, and questions too."""
    names = CrossingName.objects.filter(crossing__in=Crossing.objects.order_by("pk")[:LINKED]).order_by("pk")
    columns = names.values_list("text", "crossing", "crossing__towns", "crossing__country_a", "crossing__country_b")
    return [(text, pk, (towns or [text])[0], sorted({a, b})) for text, pk, towns, a, b in columns]


# --- Crossings ---


def _make_crossings(dice: random.Random, count: int) -> None:
    """The real crossings, and others with made-up names."""
    importer.load()
    countries = list(Country.objects.order_by("code"))
    like = Crossing.objects.earliest("pk")
    kept = {name: getattr(like, name) for name in ("latitude", "longitude", "kind", "as_of", "source", "confidence")}
    more = []
    for number in range(Crossing.objects.count(), count):
        a, b = sorted(dice.sample(countries, 2), key=lambda country: country.code)
        towns = [_word(dice), _word(dice)]
        name = f"{_word(dice)} {number}"
        more.append(Crossing(slug=f"made-{number}", name=name, country_a=a, country_b=b, towns=towns, **kept))
    Crossing.objects.bulk_create(more)
    names = (CrossingName(crossing=crossing, text=_word(dice)) for crossing in more for _ in range(5))
    CrossingName.objects.bulk_create(names, ignore_conflicts=True)


def _word(dice: random.Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 4))).title()


# --- Topics ---

# The columns in which rows differ from each other.
OF_TOPIC = (
    "id", "subforum_id", "title", "opened_at", "last_post_at", "opening_post_id", "last_post_id", "countries",
)  # fmt: skip
OF_POST = ("id", "topic_id", "heading", "source", "written_at")
OF_LINK = ("id", "topic_id", "crossing_id")
Rows = tuple[tuple, tuple, tuple | None]


def _copy_topics(database: psycopg.Connection, dice: random.Random, count: int) -> None:
    """Topics of one post each, four of five about a crossing. The newest has the largest key."""
    author, now = User.objects.earliest("pk"), timezone.now()
    topic = Topic(subforum_id=0, slug="t", author=author, opened_at=now, last_post_at=now, posts_count=1, last_number=1)
    post = Post(topic_id=0, author=author, number=1, html="", markup_version=1, written_at=now)
    link = CrossingTopic(topic_id=0, crossing_id=0, source=CrossingTopic.Source.GAZETTEER, linked_at=now)
    first = tuple(_newest(model) + 1 for model in (Topic, Post, CrossingTopic))
    for rows in batched(_rows(dice, count - Topic.objects.count(), first), BATCH):
        _copy(database, topic, OF_TOPIC, (of_topic for of_topic, _, _ in rows))
        _copy(database, post, OF_POST, (of_post for _, of_post, _ in rows))
        _copy(database, link, OF_LINK, (of_link for _, _, of_link in rows if of_link))
    for model in (Topic, Post, CrossingTopic):
        table = model._meta.db_table
        database.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, _newest(model)])


def _newest(model: type[Model]) -> int:
    return model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0


def _rows(dice: random.Random, count: int, first: tuple[int, ...]) -> Iterator[Rows]:
    """For each topic the values of its own row, of its post's and of its link's, with keys from the `first` on."""
    subforums = list(Subforum.objects.filter(access=Subforum.Access.OPEN).order_by("pk").values_list("pk", flat=True))
    now, known = timezone.now(), places()
    writer = Writer("similar")
    texts = [" ".join(source.split()[:WORDS]) for source in writer.sources(TEXTS)]
    for number in range(count):
        topic, post, link = (pk + number for pk in first)
        at = now - timedelta(minutes=2 * (count - number))
        place = dice.choice(known) if dice.random() < 0.8 else None
        words = title(dice, place[0], place[2]) if place else writer.title()
        yield (
            (topic, dice.choice(subforums), words, at, at, post, post, place[3] if place else []),
            (post, topic, words, dice.choice(texts), at),
            (link, topic, place[1]) if place else None,
        )


def _copy(database: psycopg.Connection, like: Model, columns: Sequence[str], rows: Iterable[tuple]) -> None:
    """Rows like this one but for these columns. Asking each field of each row took most of the time."""
    fields = like._meta.concrete_fields
    values = [field.get_db_prep_save(getattr(like, field.attname), of_django) for field in fields]
    at = [next(place for place, field in enumerate(fields) if field.attname == name) for name in columns]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with database.cursor().copy(f'COPY "{like._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            for place, value in zip(at, row, strict=True):
                values[place] = value
            copy.write_row(values)


def _copy_vectors(database: psycopg.Connection) -> None:
    """Vectors by chance: what they cost to read and compare is the same."""
    dice = np.random.default_rng(23)
    with database.cursor().copy("COPY crossings_topicvector (topic_id, model, digest, vector) FROM STDIN") as copy:
        for pk in Topic.objects.order_by("pk").values_list("pk", flat=True).iterator():
            vector = dice.standard_normal(VECTOR, dtype=np.float32)
            copy.write_row([pk, MODEL, b"", (vector / np.linalg.norm(vector)).astype("<f2").tobytes()])


def _without_index(database: psycopg.Connection, act: Callable[[], object]) -> None:
    """Do it while the table of words has no index of them, and make that afterwards: much faster for all its rows."""
    sql = "SELECT pg_get_indexdef('topics_by_terms'::regclass)"
    definition = database.execute(sql).fetchone()
    assert definition  # noqa: S101
    database.execute("DROP INDEX topics_by_terms")
    act()
    database.execute(definition[0])
