"""Evaluation of the gazetteer and the similarity query, on sentences written before either was run on them.

The forum of the evaluation is the demo's corpus with some more topics, in a subforum of its own; the caller rolls it
back. The sentences are in tests/crossings/evaluation.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from crossings.editorial import importer
from crossings.gazetteer import matcher
from crossings.models import Crossing
from crossings.similar import ranking, terms
from demo import board
from forum.models import Post, Section, Subforum, Topic
from forum.models.topic import slug_of

FOLDER = settings.BASE_DIR / "tests" / "crossings" / "evaluation"
SHOWN = 5


@dataclass
class Figures:
    """Results; `missed` describes what went wrong."""

    mrr: float = 0.0
    recall: float = 0.0
    right_crossing: float = 0.0
    quiet: float = 0.0
    matched: float = 0.0
    match_ms: list[float] = field(default_factory=list)
    ask_ms: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"MRR@5           {self.mrr:.3f}"
        yield f"Recall@5        {self.recall:.3f}"
        yield f"Right crossing  {self.right_crossing:.3f}"
        yield f"Quiet           {self.quiet:.3f}"
        yield f"Matcher         {self.matched:.3f}"
        yield f"match           {_times(self.match_ms)}"
        yield f"similar topics  {_times(self.ask_ms)}"


def _times(taken: list[float]) -> str:
    return f"{statistics.median(taken):.2f} ms, p95 {statistics.quantiles(taken, n=20)[-1]:.2f} ms"


def evaluate(folder: Path = FOLDER) -> Figures:
    """Evaluate all files of the folder, on a forum created in the current transaction."""
    importer.load()
    corpus = _plant(folder)
    figures = Figures()
    _judge_matcher(figures, folder)
    _judge_questions(figures, folder, corpus)
    _judge_silence(figures, folder, corpus)
    return figures


@dataclass
class Corpus:
    """The topics created for this, by their numbers in the files."""

    subforum_id: int
    topics: dict[int, int]

    def ask(self, title: str, body: str = "") -> list[int]:
        about = matcher.find(title, body)
        ranked = ranking.rank(title, body, about=about, subforum_ids=[self.subforum_id], limit=SHOWN)
        return [row.topic_id for row in ranked]


def _plant(folder: Path) -> Corpus:
    section, _ = Section.objects.get_or_create(name="Evaluation")
    subforum = Subforum.objects.create(section=section, name="Evaluation", slug="evaluation")
    author = User.objects.create(username="evaluation", email="evaluation@demo.example")
    rows = [(row["id"], row["title"], row["posts"][0]["body"]) for row in board.read_topics() if not row["is_spam"]]
    rows += [(row["id"], row["title"], row["body"]) for row in read(folder, "topics")]
    now = timezone.now()
    topics = {}
    for number, title, body in rows:
        topic = Topic.objects.create(
            subforum=subforum, title=title[:120], slug=slug_of(title), author=author, opened_at=now, last_post_at=now
        )
        topic.opening_post = Post.objects.create(
            topic=topic,
            author=author,
            number=1,
            heading=topic.title,
            source=body,
            html="",
            markup_version=1,
            written_at=now,
        )
        topic.save(update_fields=["opening_post"])
        topics[number] = topic.pk
    terms.write(topics.values())
    terms.link_by_words(topics.values())
    terms.count_terms()
    return Corpus(subforum.pk, topics)


def read(folder: Path, name: str) -> list[dict]:
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _judge_matcher(figures: Figures, folder: Path) -> None:
    rows = read(folder, "names")
    slugs = dict(Crossing.objects.values_list("pk", "slug"))
    right = 0
    for row in rows:
        found = _timed(figures.match_ms, partial(matcher.match, row["text"]))
        slug = slugs[found.pk] if found else None
        if slug in row["crossings"] or (slug is None and not row["crossings"]):
            right += 1
        else:
            figures.missed.append(f"{row['kind']}: {row['text']!r} is {slug}, not {row['crossings']}")
    figures.matched = right / len(rows)


def _judge_questions(figures: Figures, folder: Path, corpus: Corpus) -> None:
    rows = read(folder, "questions")
    slugs = dict(Crossing.objects.values_list("pk", "slug"))
    ranks, crossings = [], []
    for row in rows:
        wanted = {corpus.topics[number] for number in row["finds"]}
        shown = _timed(figures.ask_ms, partial(corpus.ask, row["title"], row["body"]))
        rank = next((place for place, pk in enumerate(shown, start=1) if pk in wanted), 0)
        ranks.append(rank)
        if row["crossings"]:
            about = matcher.find(row["title"], row["body"])
            crossings.append(about is not None and slugs[about] in row["crossings"])
            if not crossings[-1]:
                figures.missed.append(f"question: {row['title']!r} is {slugs.get(about or 0)}, not {row['crossings']}")
        if rank != 1:
            numbers = {pk: number for number, pk in corpus.topics.items()}
            figures.missed.append(f"rank {rank}: {row['title']!r} {row['finds']} among {[numbers[pk] for pk in shown]}")
    figures.mrr = sum(1 / rank for rank in ranks if rank) / len(ranks)
    figures.recall = sum(rank > 0 for rank in ranks) / len(ranks)
    figures.right_crossing = sum(crossings) / len(crossings)


def _judge_silence(figures: Figures, folder: Path, corpus: Corpus) -> None:
    rows = read(folder, "off_topic")
    shown = {row["title"]: _timed(figures.ask_ms, partial(corpus.ask, row["title"])) for row in rows}
    figures.missed += [f"not quiet: {title!r} {_shown(found)}" for title, found in shown.items() if found]
    figures.quiet = sum(not found for found in shown.values()) / len(rows)


def _shown(ids: list[int]) -> list[str]:
    return list(Topic.objects.filter(pk__in=ids).values_list("title", flat=True))


def _timed[T](taken: list[float], act: Callable[[], T]) -> T:
    begun = time.perf_counter()
    answer = act()
    taken.append((time.perf_counter() - begun) * 1000)
    return answer
