"""Whether what a listed topic answers may be out of date, as crossings/freshness/rules.py judges answers."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, OuterRef, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Greatest, JSONObject
from django.utils import timezone

from crossings.freshness import queries
from crossings.links.queries import CHANGE, MOST_CHANGES, NEWEST, as_json, change_of, newest_of
from crossings.models import Crossing, CrossingReport, CrossingTopic, StatusChange
from crossings.models.crossing import shown_on
from forum.counters.expert_replies import is_experts_reply
from forum.models import Answer, Post
from forum.models.answered_question import is_answered
from forum.models.topic import OLD_AFTER

# Of a topic so many accepted answers and replies of experts are judged, those first that speak for the latest days:
# where none of them holds, a reader finds none that does. They are looked for among its first and last posts alone.
MOST_ANSWERS = 20
LOOKED_AT = 300
_SPEAKS_AT = Greatest("written_at", "edited_at", "still_true_at", "confirmed_at")
_CROSSING = ["in_conflict_zone", "contradicted"]
_IS_ACCEPTED = Exists(Answer.objects.standing().filter(post=OuterRef("pk")))


def columns(today: date) -> dict[str, Any]:
    """Of topics: the latest answers that count, and what is known of the crossings that they are about."""
    first, last = _accepted(number__lte=LOOKED_AT), _accepted(number__gt=Greatest(_last(), LOOKED_AT))
    accepted = Func(ArraySubquery(first), ArraySubquery(last), function="array_cat")
    answers = Func(accepted, ArraySubquery(_by_experts()), function="array_cat")
    return {"answers": answers, "about": ArraySubquery(_about(today))}


def topic_may_be_out_of_date(
    last_post_at: datetime, answers: Sequence[str | dict], about: Sequence[str | dict], today: date
) -> bool:
    """None of its answers holds any more; without an answer, nobody has written there for a year."""
    if answers:
        return may_be_out_of_date(answers, about, today)
    return last_post_at < timezone.now() - OLD_AFTER


def may_be_out_of_date(answers: Sequence[str | dict], about: Sequence[str | dict], today: date) -> bool:
    """Of the two columns of a topic: there are answers, and none of them holds."""
    crossings, known = [], []
    for told in map(_told, about):
        crossing = Crossing(pk=told["pk"], **{name: told[name] for name in _CROSSING})
        crossing.shown_status = told["shown_status"]
        history = [change_of(change) for change in told["changes"]]
        newest = newest_of(told["newest"]) if told["newest"] else None
        crossings.append(crossing)
        known.append(queries.known_of(crossing, history, newest, today))
    verdicts = [queries.of_json(_told(answer)).judge(crossings, known, today) for answer in answers]
    return bool(verdicts) and all(verdict.is_doubtful for verdict in verdicts)


def _told(found: str | dict) -> dict:
    """JSON as it comes in an array of PostgreSQL, or within other JSON."""
    return json.loads(found) if isinstance(found, str) else found


def _accepted(**numbers: Any) -> QuerySet[Any]:
    """Accepted answers: with replies of experts they make a topic answered (`is_answered`)."""
    posts = Post.objects.filter(_IS_ACCEPTED, topic=OuterRef("pk"), topic__answers_count__gt=0)
    return _latest(posts.filter(**numbers))


def _by_experts() -> QuerySet[Any]:
    """Replies of experts of the topic's countries, among its last posts."""
    lately = {"number__gt": _last(), "topic__expert_replies_count__gt": 0}
    posts = Post.objects.filter(is_experts_reply(), topic=OuterRef("pk"), **lately)
    return _latest(posts.filter(topic__is_running=False, topic__is_account=False))


def _last() -> CombinedExpression:
    """The number behind which its last posts stand."""
    return OuterRef("last_number") - LOOKED_AT


def _latest(posts: QuerySet[Post]) -> QuerySet[Any]:
    latest = posts.order_by(_SPEAKS_AT.desc(), "-pk")
    return queries.as_json(latest.annotate(is_accepted=_IS_ACCEPTED))[:MOST_ANSWERS]


def _about(today: date) -> QuerySet[Any]:
    changes = StatusChange.objects.filter(crossing=OuterRef("crossing")).order_by("-changed_on", "-pk")
    newest = CrossingReport.objects.filter(pk=OuterRef("crossing__newest_report"))
    links = CrossingTopic.objects.standing().filter(is_answered("topic__"), topic=OuterRef("pk"))
    told = {name: f"crossing__{name}" for name in ("pk", *_CROSSING)}
    return (
        links.annotate(**shown_on(today, "crossing__"))
        .order_by("pk")
        .values(
            json=JSONObject(
                **told,
                shown_status="shown_status",
                changes=ArraySubquery(as_json(changes, CHANGE)[:MOST_CHANGES]),
                newest=Subquery(as_json(newest, NEWEST)),
            )
        )
    )
