"""Whether what a listed topic answers may be out of date, as crossings/freshness/rules.py judges answers."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from crossings.freshness import queries
from crossings.links.queries import CHANGE, MOST_CHANGES, NEWEST, as_json, change_of, newest_of
from crossings.models import Crossing, CrossingReport, CrossingTopic, StatusChange
from crossings.models.crossing import shown_on
from forum.models import Answer, Post

_CROSSING = ["in_conflict_zone", "contradicted"]


def columns(today: date) -> dict[str, ArraySubquery]:
    """Of topics: the answers that were accepted, and what is known of the crossings that they are about."""
    return {"accepted": ArraySubquery(_accepted()), "about": ArraySubquery(_about(today))}


def may_be_out_of_date(accepted: Sequence[str], about: Sequence[str], today: date) -> bool:
    """Of the two columns of a topic: there are answers, and none of them holds."""
    crossings, known = [], []
    for told in map(json.loads, about):
        crossing = Crossing(pk=told["pk"], **{name: told[name] for name in _CROSSING})
        crossing.shown_status = told["shown_status"]
        history = [change_of(change) for change in told["changes"]]
        newest = newest_of(told["newest"]) if told["newest"] else None
        crossings.append(crossing)
        known.append(queries.known_of(crossing, history, newest, today))
    verdicts = [queries.of_json(json.loads(answer)).judge(crossings, known, today) for answer in accepted]
    return bool(verdicts) and all(verdict.is_doubtful for verdict in verdicts)


def _accepted() -> QuerySet[Any]:
    standing = Answer.objects.standing().filter(post__topic=OuterRef(OuterRef("pk"))).values("post")
    return queries.as_json(Post.objects.filter(pk__in=standing).annotate(is_accepted=Value(value=True)))


def _about(today: date) -> QuerySet[Any]:
    changes = StatusChange.objects.filter(crossing=OuterRef("crossing")).order_by("-changed_on", "-pk")
    newest = CrossingReport.objects.filter(pk=OuterRef("crossing__newest_report"))
    links = CrossingTopic.objects.standing().filter(topic=OuterRef("pk"), topic__answers_count__gt=0)
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
