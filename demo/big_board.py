"""Seeding an empty forum with much data to measure on: the same texts each time, with current dates."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import ExpertBadge, User
from accounts.text.slugs import slug_of
from demo import board, crowd
from demo.crowd import Crowd
from demo.texts import Writer
from forum import markup
from forum.counters.recount import recount
from forum.models import Post, Reaction, Section, Subforum, Topic
from forum.models.topic import POSTS_PER_PAGE
from forum.search import vectors
from forum.search.vectors import Indexed

BATCH = 2000  # posts per bulk_create
FIRST_TOPIC = uuid.uuid5(board.KEYS, "big")
FIRST_TITLE = "Torugart Pass: China to Kyrgyzstan by bicycle"  # the index of the demo links to it
LONGEST_TITLE = "The long topic: what you saw, where and when"
# Signal: the big forum is seeded.
big_planted = Signal()
Text = tuple[str, str, Indexed]  # Markdown, its HTML and its words
Given = tuple[User, str, datetime]  # reactions: member, kind, time


@dataclass(frozen=True)
class Size:
    """How many rows are seeded."""

    users: int = 500
    subforums: int = 20
    topics: int = 2_000
    posts_in_a_topic: int = 20
    posts_in_the_longest: int = 20_000
    texts: int = 600  # distinct ones, each rendered once
    years: int = 8

    @property
    def posts(self) -> int:
        return self.topics * self.posts_in_a_topic + self.posts_in_the_longest


def is_planted() -> bool:
    return Post.objects.filter(idempotency_key=FIRST_TOPIC).exists()


@transaction.atomic
def plant_big(progress: board.Progress, size: Size = Size()) -> None:
    """Seed everything in one transaction."""
    planter = Planter(size, progress)
    planter.plant_topics()
    board.analyse(User, ExpertBadge, Section, Subforum, Topic, Post, Reaction)  # else recounting takes half a minute
    recount(mend=True)
    board.give_trust()
    big_planted.send(Topic)


class Planter:
    """Writes topics with posts and reactions, with exact counters."""

    def __init__(self, size: Size, progress: board.Progress) -> None:
        self.size, self.progress, self.done = size, progress, 0
        self.dice = random.Random("topics")  # noqa: S311
        self.writer = Writer("texts")
        sources = list(self.writer.sources(size.texts))
        self.texts: list[Text] = [(text, markup.to_html(text), vectors.body_vector(text)) for text in sources]
        self.end = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        self.start = self.end - timedelta(days=365 * size.years)
        self.crowd = Crowd(crowd.make_members(size.users, since=self.start, until=self.end))
        self.subforums = crowd.make_subforums(size.subforums)

    def plant_topics(self) -> None:
        for numbers in batched(range(self.size.topics), BATCH // self.size.posts_in_a_topic, strict=False):
            self._write([self._topic(number) for number in numbers])
        topic = self._new_topic(0, LONGEST_TITLE)
        self._write([(topic, self._posts(topic, self._times(self.size.posts_in_the_longest, self.start, self.end)))])
        Post.objects.filter(topic__pk=Topic.objects.earliest("pk").pk, number=1).update(idempotency_key=FIRST_TOPIC)

    # --- Generating ---

    def _topic(self, number: int) -> tuple[Topic, list]:
        opened = self.start + (self.end - self.start) * self.dice.random()
        last = min(self.end, opened + timedelta(days=self.dice.uniform(2, 300)))
        topic = self._new_topic(number, self.writer.title() if number else FIRST_TITLE)
        return topic, self._posts(topic, self._times(self.size.posts_in_a_topic, opened, last))

    def _new_topic(self, number: int, title: str) -> Topic:
        subforum = self.subforums[number % len(self.subforums)]
        return Topic(subforum=subforum, title=title, slug=slug_of(title))

    def _times(self, count: int, first: datetime, last: datetime) -> list[datetime]:
        return [first, *sorted(first + (last - first) * self.dice.random() for _ in range(count - 1))]

    def _posts(self, topic: Topic, times: list[datetime]) -> list[tuple[Post, list[Given]]]:
        """The posts of a topic with their reactions; no two on a page have the same text."""
        found, above = [], vectors.title_vector(topic.title)
        for page in batched(enumerate(times, start=1), POSTS_PER_PAGE, strict=False):
            texts = self.dice.sample(self.texts, len(page))
            rows = zip(page, texts, strict=True)
            found += [self._post(topic, above, number, when, text) for (number, when), text in rows]
        _finish(topic, [post for post, _ in found], is_locked=self.dice.random() < 0.02)
        return found

    def _post(self, topic: Topic, above: str, number: int, when: datetime, text: Text) -> tuple[Post, list[Given]]:
        author = self.crowd.one_at(when, self.dice)
        given = list(self._reactions(author, when))
        post = Post(
            topic=topic,
            author=author,
            number=number,
            written_at=when,
            heading=topic.title,
            source=text[0],
            html=text[1],
            search=f"{above} {text[2].search}",
            search_version=-vectors.INDEX_VERSION,
            language=text[2].language,
            markup_version=markup.MARKUP_VERSION,
            **_counters(given),
        )
        return post, given

    def _reactions(self, author: User, when: datetime) -> Iterator[Given]:
        """Every fourth post has reactions, one per member."""
        if self.dice.random() > 0.25:
            return
        others = {self.crowd.one_at(when, self.dice) for _ in range(self.dice.randint(1, 4))} - {author}
        for user in sorted(others, key=lambda user: user.pk):
            kind = self.dice.choices(Reaction.Kind.values, weights=[8, 2, 1])[0]
            yield user, kind, min(self.end, when + timedelta(days=self.dice.expovariate(1 / 20)))

    # --- Writing ---

    def _write(self, written: list[tuple[Topic, list[tuple[Post, list[Given]]]]]) -> None:
        topics = [topic for topic, _ in written]
        Topic.objects.bulk_create(topics)
        for rows in batched((row for _, posts in written for row in posts), BATCH, strict=False):
            Post.objects.bulk_create([post for post, _ in rows])
            Reaction.objects.bulk_create(_reactions_of(rows))
            self.done += len(rows)
            self.progress(self.done, self.size.posts)
        for topic, posts in written:
            topic.opening_post, topic.last_post = posts[0][0], posts[-1][0]
        Topic.objects.bulk_update(topics, ["opening_post", "last_post"])


def _counters(given: list[Given]) -> dict:
    """Counters of a post: reactions of each kind, and the newest "still true" and "outdated"."""
    found: dict = {}
    for kind in Reaction.Kind.values:
        times = [when for _, one, when in given if one == kind]
        found[f"{kind}_count"] = len(times)
        if kind != Reaction.Kind.HELPFUL:
            found[f"{kind}_at"] = max(times, default=None)
    return found


def _finish(topic: Topic, posts: list[Post], *, is_locked: bool) -> None:
    """Set a topic's counters and last post."""
    topic.author, topic.opened_at = posts[0].author, posts[0].written_at
    topic.last_post_at = posts[-1].written_at
    topic.posts_count = topic.last_number = len(posts)
    topic.locked_at = topic.last_post_at if is_locked else None


def _reactions_of(rows: tuple[tuple[Post, list[Given]], ...]) -> Iterator[Reaction]:
    for post, given in rows:
        for user, kind, when in given:
            yield Reaction(post=post, user=user, kind=kind, given_at=when)
