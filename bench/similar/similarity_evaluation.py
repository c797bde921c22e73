"""Evaluation of the gazetteer and the similarity query, on sentences written before either was run on them.

The forum of the evaluation is the demo's corpus with some more topics, in a subforum of its own; the caller rolls it
back. The sentences are in tests/crossings/evaluation.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.text.slugs import slug_of
from crossings.editorial import importer
from crossings.gazetteer import matcher
from crossings.models import Crossing
from crossings.similar import ranking, terms
from demo import board
from forum.models import Post, Section, Subforum, Topic

FOLDER = settings.BASE_DIR / "tests" / "crossings" / "evaluation"
SHOWN = 5
# The parts of the set: what was there first, what rules may be steered by, and what is looked at once at the end; the
# second halves were written later, by somebody who had not read the rules, with topics of their own.
FIRST, STEER, KEPT, SECOND_STEER, SECOND_KEPT, ALL = PARTS = (
    "first",
    "steer",
    "kept",
    "second-steer",
    "second-kept",
    "all",
)
MRR, RECALL, RIGHT_CROSSING = "MRR@5", "Recall@5", "Right crossing"
QUIET, MATCHER, FALSE_BORDERS = "Quiet", "Matcher", "False borders"
RESAMPLES = 1_000
SEED = 23


@dataclass
class Figures:
    """Results: of each measure one value (0 to 1) for each sentence; `missed` describes what went wrong."""

    values: dict[str, list[float]] = field(default_factory=dict)
    match_ms: list[float] = field(default_factory=list)
    ask_ms: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    by_meaning: "Figures | None" = None

    def add(self, measure: str, value: float) -> None:
        self.values.setdefault(measure, []).append(value)

    def mean(self, measure: str) -> float:
        return statistics.fmean(self.values[measure])

    @property
    def false_borders(self) -> int:
        """How many texts about no border got one."""
        return round(sum(self.values.get(FALSE_BORDERS, ())))

    def lines(self) -> Iterator[str]:
        for measure, values in self.values.items():
            low, high = interval(values)
            yield f"{measure:15} {statistics.fmean(values):.3f}  {low:.3f} to {high:.3f}  of {len(values)}"
        for words, taken in (("match", self.match_ms), ("similar topics", self.ask_ms)):
            if len(taken) > 1:
                yield f"{words:15} {_times(taken)}"
        if self.by_meaning:
            yield from self._beside(self.by_meaning)

    def _beside(self, other: "Figures") -> Iterator[str]:
        """Each measure by words alone and by meaning, and the difference of the same questions."""
        yield f"{'By meaning':15} before  after  by      95 % from"
        for measure, after in other.values.items():
            low, high = interval([b - a for a, b in zip(self.values[measure], after, strict=True)])
            before, now = self.mean(measure), other.mean(measure)
            yield f"{measure:15} {before:.3f}   {now:.3f}  {now - before:+.3f}  {low:+.3f} to {high:+.3f}"
        if len(other.ask_ms) > 1:
            yield f"{'similar topics':15} {_times(other.ask_ms)}"


def interval(values: list[float]) -> tuple[float, float]:
    """Confidence interval (95 %) of the mean by bootstrap, with a fixed seed so that two runs say the same."""
    draw = random.Random(SEED)  # noqa: S311 (statistics, no secret)
    means = sorted(statistics.fmean(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[RESAMPLES // 40], means[-RESAMPLES // 40]


def _times(taken: list[float]) -> str:
    return f"{statistics.median(taken):.2f} ms, p95 {statistics.quantiles(taken, n=20)[-1]:.2f} ms"


def evaluate(folder: Path = FOLDER, part: str = FIRST, *, has_model: bool = False) -> Figures:
    """Evaluate the part of all files of the folder, on a forum created in the current transaction.

    Where the forum `has_model`, `by_meaning` of the figures are those of the same questions with SIMILAR_BY_MEANING.
    """
    importer.load()
    corpus = _plant(folder, part)
    figures = Figures()
    if has_model:
        figures.by_meaning = _evaluate_by_meaning(corpus, folder, part)
    _judge_questions(figures, read(folder, "questions", part), corpus)
    _judge_silence(figures, read(folder, "off_topic", part), corpus)
    _judge_matcher(figures, read(folder, "names", part))
    _judge_no_border(figures, read(folder, "no_border", part))
    return figures


def _evaluate_by_meaning(corpus: "Corpus", folder: Path, part: str) -> Figures:
    from crossings.similar.meaning import title_vectors

    title_vectors.write(corpus.topics.values())
    figures, corpus = Figures(), replace(corpus, by_meaning=True)
    _judge_questions(figures, read(folder, "questions", part), corpus)
    _judge_silence(figures, read(folder, "off_topic", part), corpus)
    return figures


@dataclass
class Corpus:
    """The topics created for this, by their numbers in the files."""

    subforum_id: int
    topics: dict[int, int]
    by_meaning: bool = False

    def ask(self, title: str, body: str = "") -> list[int]:
        about = matcher.find(title, body)
        ranked = ranking.rank(
            title, body, about=about, subforum_ids=[self.subforum_id], limit=SHOWN, by_meaning=self.by_meaning
        )
        return [row.topic_id for row in ranked]


def _plant(folder: Path, part: str) -> Corpus:
    section, _ = Section.objects.get_or_create(name="Evaluation")
    subforum = Subforum.objects.create(section=section, name="Evaluation", slug="evaluation")
    author = User.objects.create(username="evaluation", email="evaluation@demo.example")
    rows = [(row["id"], row["title"], row["posts"][0]["body"]) for row in board.read_topics() if not row["is_spam"]]
    more = read(folder, "topics", FIRST if part in (FIRST, STEER, KEPT) else ALL)
    rows += [(row["id"], row["title"], row["body"]) for row in more]
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


def read(folder: Path, name: str, part: str = ALL) -> list[dict]:
    """The rows of a file that belong to the part; a folder of one's own need not have all files."""
    path = folder / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    return [row for row in rows if part in (ALL, row.get("half", FIRST))]


def _judge_matcher(figures: Figures, rows: list[dict]) -> None:
    slugs = dict(Crossing.objects.values_list("pk", "slug"))
    for row in rows:
        found = _timed(figures.match_ms, partial(matcher.match, row["text"]))
        slug = slugs[found.pk] if found else None
        right = slug in row["crossings"] or (slug is None and not row["crossings"])
        figures.add(MATCHER, right)
        if not right:
            figures.missed.append(f"{row['kind']}: {row['text']!r} is {slug}, not {row['crossings']}")


def _judge_no_border(figures: Figures, rows: list[dict]) -> None:
    slugs = dict(Crossing.objects.values_list("pk", "slug"))
    for row in rows:
        pk = _timed(figures.match_ms, partial(matcher.find, row["text"]))
        figures.add(FALSE_BORDERS, pk is not None)
        if pk is not None:
            figures.missed.append(f"no border: {row['text']!r} is {slugs[pk]}")


def _judge_questions(figures: Figures, rows: list[dict], corpus: Corpus) -> None:
    slugs = dict(Crossing.objects.values_list("pk", "slug"))
    numbers = {pk: number for number, pk in corpus.topics.items()}
    for row in rows:
        wanted = {corpus.topics[number] for number in row["finds"]}
        shown = _timed(figures.ask_ms, partial(corpus.ask, row["title"], row["body"]))
        rank = next((place for place, pk in enumerate(shown, start=1) if pk in wanted), 0)
        figures.add(MRR, 1 / rank if rank else 0.0)
        figures.add(RECALL, rank > 0)
        if row["crossings"]:
            about = matcher.find(row["title"], row["body"])
            right = about is not None and slugs[about] in row["crossings"]
            figures.add(RIGHT_CROSSING, right)
            if not right:
                figures.missed.append(f"question: {row['title']!r} is {slugs.get(about or 0)}, not {row['crossings']}")
        if rank != 1:
            figures.missed.append(f"rank {rank}: {row['title']!r} {row['finds']} among {[numbers[pk] for pk in shown]}")


def _judge_silence(figures: Figures, rows: list[dict], corpus: Corpus) -> None:
    for row in rows:
        shown = _timed(figures.ask_ms, partial(corpus.ask, row["title"]))
        figures.add(QUIET, not shown)
        if shown:
            figures.missed.append(f"not quiet: {row['title']!r} {_shown(shown)}")


def _shown(ids: list[int]) -> list[str]:
    return list(Topic.objects.filter(pk__in=ids).values_list("title", flat=True))


def _timed[T](taken: list[float], act: Callable[[], T]) -> T:
    begun = time.perf_counter()
    answer = act()
    taken.append((time.perf_counter() - begun) * 1000)
    return answer
