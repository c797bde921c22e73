"""How well suggestions do on what members and moderators of this forum did: measured, and nothing is changed.

Followed suggestions are words for which one topic was right; a topic marked as asked before is a question that the
other topic answers; topics said to be unrelated must not be found for each other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bench.similar.similarity_evaluation import MRR, RECALL, SHOWN, Figures
from crossings.gazetteer import matcher
from crossings.models import FollowedSuggestion, UnrelatedTopics
from crossings.similar import ranking
from forum.models import Subforum, Topic

UNRELATED_SHOWN = "Unrelated shown"
NEWEST = 1_000  # of each kind


@dataclass
class Asked:
    """A question whose right topic is known."""

    title: str
    body: str
    wanted: int
    exclude: int = 0


def evaluate() -> dict[str, Figures]:
    """Figures by where they come from; kinds without any feedback are left out."""
    everywhere = list(Subforum.objects.values_list("pk", flat=True))

    def shown(asked: Asked) -> list[int]:
        about = matcher.find(asked.title, asked.body)
        ranked = ranking.rank(
            asked.title, asked.body, about=about, subforum_ids=everywhere, limit=SHOWN, exclude=asked.exclude
        )
        return [row.topic_id for row in ranked]

    found = {
        "followed suggestions": _judge(_followed(), shown),
        "topics asked before": _judge(_duplicates(), shown),
        "unrelated topics": _judge_unrelated(shown),
    }
    return {kind: figures for kind, figures in found.items() if figures.values}


def _followed() -> list[Asked]:
    rows = FollowedSuggestion.objects.filter(topic__hidden_at=None, topic__held_at=None).order_by("-pk")[:NEWEST]
    return [Asked(words, "", topic) for words, topic in rows.values_list("words", "topic")]


def _duplicates() -> list[Asked]:
    marked = Topic.objects.readable().filter(duplicate_of__hidden_at=None, duplicate_of__held_at=None)
    rows = marked.exclude(duplicate_of=None).order_by("-pk")[:NEWEST].values_list("pk", "title", "duplicate_of")
    return [Asked(title, "", of, pk) for pk, title, of in rows if of]


def _judge(rows: list[Asked], shown: Callable[[Asked], list[int]]) -> Figures:
    figures = Figures()
    for asked in rows:
        pks = shown(asked)
        rank = pks.index(asked.wanted) + 1 if asked.wanted in pks else 0
        figures.add(MRR, 1 / rank if rank else 0.0)
        figures.add(RECALL, rank > 0)
        if rank != 1:
            figures.missed.append(f"rank {rank}: {asked.title!r} is topic {asked.wanted}")
    return figures


def _judge_unrelated(shown: Callable[[Asked], list[int]]) -> Figures:
    figures = Figures()
    rows = UnrelatedTopics.objects.order_by("-pk")[:NEWEST].values_list("topic", "topic__title", "other")
    for topic, title, other in rows:
        is_shown = other in shown(Asked(title, "", other, topic))
        figures.add(UNRELATED_SHOWN, is_shown)
        if is_shown:
            figures.missed.append(f"unrelated: {title!r} finds topic {other}")
    return figures
