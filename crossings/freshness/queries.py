"""Answers as they are stored, and as freshness/rules.py judges them: on a topic's page, and on the experts' desk."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import ExpertBadge
from accounts.models.badge import countries_of_badges
from crossings.freshness.rules import AnswerFacts, Known, Newest, Verdict, half_life_of, judge_answer
from crossings.models import AnswerConfirmation, Crossing, CrossingReport, Matter, StatusChange, TopicTerms
from crossings.status import update
from crossings.status.rules import says
from crossings.wording import public_day
from forum.models import Answer, Post
from forum.models.post import expert_outdated_at, is_called_outdated
from pagecache.exists_by_row import exists_by_row


@dataclass(frozen=True)
class Found:
    """A post that may be an answer, with what decides how far it may be trusted."""

    post_id: int
    author_id: int
    is_accepted: bool
    # The countries that the awake badges of its author speak for.
    expert_of: Collection[str]
    facts: AnswerFacts
    # Who confirmed it last.
    confirmed_by: str
    # What the matters of the topic's title say of how long it holds.
    subject_days: int | None
    has_report: bool

    def is_answer(self, crossings: Iterable[Crossing], asked_by: int) -> bool:
        """Accepted, or confirmed by an expert, or the word of an expert of one of these crossings to somebody else."""
        if self.is_accepted or self.confirmed_by:
            return True
        if self.has_report or self.author_id == asked_by:  # a report is dated by itself, and who asks does not answer
            return False
        countries = {code for crossing in crossings for code in (crossing.country_a_id, crossing.country_b_id)}
        return not countries.isdisjoint(self.expert_of)

    def judge(self, crossings: Iterable[Crossing], known: Iterable[Known], today: date) -> Verdict:
        rules = update.rules()
        status_days = [rules.half_life_of(in_conflict_zone=crossing.in_conflict_zone) for crossing in crossings]
        return judge_answer(self.facts, half_life_of(self.subject_days, status_days), known, today)


def on_page(topic: Any, numbers: tuple) -> QuerySet:
    """As JSON, of some numbers of a topic: accepted posts, what experts replied, and what is called outdated."""
    speaks = ExpertBadge.objects.awake().filter(user=OuterRef("author"), countries__len__gt=0)
    posts = Post.objects.readable().filter(topic=topic, number__range=numbers).annotate(is_accepted=is_accepted())
    outdated = is_called_outdated() | Q(marked_outdated_at__isnull=False)
    return as_json(posts.filter(Q(is_accepted=True) | outdated | Q(Exists(speaks), number__gt=1)))


def is_accepted() -> Coalesce:
    """Of a post that can be read."""
    return exists_by_row(Answer.objects.filter(post=OuterRef("pk"), withdrawn_at=None))


def as_json(posts: QuerySet, **more: Any) -> QuerySet:
    """What `of_json` reads, of posts that say `is_accepted`."""
    confirmed = AnswerConfirmation.objects.filter(post=OuterRef("pk")).order_by("-confirmed_at")
    seen = CrossingReport.objects.filter(post=OuterRef("pk"))
    return posts.values(
        json=JSONObject(
            **{name: name for name in _FIELDS},
            expert_of=countries_of_badges(OuterRef("author")),
            expert_outdated_at=expert_outdated_at(),
            confirmed=Subquery(confirmed.values(json=JSONObject(by="by__username", at="confirmed_at"))[:1]),
            seen=Subquery(seen.values(json=JSONObject(**{name: name for name in _SEEN}))),
            subject_days=subject_days(),
            **more,
        )
    )


_FIELDS = [
    "pk", "author_id", "is_accepted", "written_at", "edited_at", "still_true_at", "outdated_count", "outdated_at",
    "marked_outdated_at",
]  # fmt: skip


_SEEN = ["crossing_id", "outcome", "reason", "is_hearsay"]


def subject_days() -> Subquery:
    """The shortest time for which any matter of the title of a post's topic lets answers hold."""
    matters = (
        TopicTerms.objects.filter(topic=OuterRef(OuterRef("topic"))).annotate(matter=_EACH_MATTER).values("matter")
    )
    return Subquery(Matter.objects.filter(pk__in=matters).order_by("holds_days").values("holds_days")[:1])


_EACH_MATTER = Func("title_matters", function="unnest", output_field=BigIntegerField())


def of_json(told: dict) -> Found:
    confirmed, seen = told["confirmed"] or {}, told["seen"]
    facts = AnswerFacts(
        written_on=_day(told["written_at"]),
        edited_on=told["edited_at"] and _day(told["edited_at"]),
        still_true_on=told["still_true_at"] and _day(told["still_true_at"]),
        confirmed_on=_day(confirmed["at"]) if confirmed else None,
        outdated_count=told["outdated_count"],
        outdated_on=told["outdated_at"] and _day(told["outdated_at"]),
        expert_outdated_on=told["expert_outdated_at"] and _day(told["expert_outdated_at"]),
        marked_on=told["marked_outdated_at"] and _day(told["marked_outdated_at"]),
        claims=_claims(seen) if seen else {},
    )
    return Found(
        told["pk"], told["author_id"], told["is_accepted"], told["expert_of"], facts, confirmed.get("by", ""),
        told["subject_days"], bool(seen),
    )  # fmt: skip


def _claims(seen: dict) -> dict[int, str]:
    """What an author saw is what the post says of that crossing."""
    if seen["is_hearsay"]:
        return {}
    return {seen["crossing_id"]: says(seen["outcome"], seen["reason"], is_pool=True)}


def known_of(crossing: Crossing, changes: Sequence[StatusChange], newest: CrossingReport | None, today: date) -> Known:
    """What ageing looks at: the status as it was, from the newest change back, and what was seen last."""
    report = None
    if newest:
        said = says(newest.outcome, newest.reason, is_pool=True)
        report = Newest(newest.post_id, public_day(newest, today), said)
    history = [(change.changed_on, change.before) for change in reversed(changes)]
    return Known(crossing.pk, crossing.shown_status, history, report, is_contested=crossing.contradicted)


def _day(moment: str) -> date:
    """The day in UTC, by which statuses are judged too."""
    return datetime.fromisoformat(moment).astimezone(UTC).date()
