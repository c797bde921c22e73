"""Queries of the experts' desk: one prepared statement of each kind, for any number of countries (a UNION)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Cast, Coalesce, Greatest, NullIf, TruncDate
from django.utils import timezone

from accounts.models import User
from accounts.readers import Reader, as_reader
from crossings.freshness import queries
from crossings.freshness.rules import ABOUT_TO_AGE, PROCEDURE_DAYS
from crossings.models import AnswerConfirmation, CrossingReport, CrossingTopic
from crossings.status import update
from forum.models import Post, Topic
from forum.models.post import expert_outdated_at, is_called_outdated
from forum.models.reaction import OUTDATED_NEEDED
from forum.pages.values import TopicRow
from pagecache.exists_by_row import exists_by_row
from pagecache.prepared import MARK, statement, text_mark

SHOWN = 10
# So many posts of a country that some call outdated are looked at, the newest call first; and of an expert's own
# answers, those that were looked after last first, among the newest posts.
LOOKED_AT = 300
NEWEST_LOOKED_AT = 2_000


def questions(user: User, codes: Sequence[str]) -> list[tuple[str, TopicRow]]:
    """The unanswered questions about each country, with its code: what all lists call so, but for the expert's own.

    Those without any reply come first, the newest first.
    """
    found = _of_each("questions", user, codes, _asked, _listed)
    found.sort(key=lambda columns: (columns[4] > 1, -columns[-1].timestamp()))
    return [
        (code, TopicRow(pk, title, slug, posts_count, author=author, opened_at=opened_at))
        for code, pk, title, slug, posts_count, author, opened_at in found
    ]


def _asked(reader: Reader, code: str) -> QuerySet[Topic]:
    return Topic.objects.visible_to(reader).unanswered().exclude(author=reader.pk).filter(_is_about([code]))


def called_outdated(user: User, codes: Sequence[str]) -> list[dict]:
    """Posts that three members, an expert or a moderator called outdated, and that no expert has confirmed since."""
    found = _of_each("called outdated", user, codes, _called, _told)
    return sorted((json.loads(told) | {"code": code} for code, told in found), key=_called_at, reverse=True)


def _called(reader: Reader, code: str) -> QuerySet[Post]:
    confirmed = AnswerConfirmation.objects.filter(post=OuterRef("pk")).annotate(
        on=TruncDate("confirmed_at", tzinfo=UTC)
    )
    by_members = Case(When(outdated_count__gte=OUTDATED_NEEDED, then="outdated_at"), output_field=DateTimeField())
    called = is_called_outdated() | Q(marked_outdated_at__isnull=False)
    may_be_called = Post.objects.filter(_MAY_BE_CALLED, _is_about([code], "topic"))
    newest = may_be_called.order_by(Greatest("outdated_at", "marked_outdated_at").desc(nulls_last=True), "-pk")
    posts = (
        _posts(reader)
        .filter(called, pk__in=newest.values("pk")[:LOOKED_AT])
        .annotate(called_at=Greatest(by_members, expert_outdated_at(), "marked_outdated_at"))
    )
    posts = posts.annotate(called_on=TruncDate("called_at", tzinfo=UTC))
    return posts.filter(~Exists(confirmed.filter(on__gte=OuterRef("called_on"))))


# The condition of an index (migration 0022 of crossings): else all posts of a country's topics would be read.
_MAY_BE_CALLED = Q(outdated_count__gt=0) | Q(marked_outdated_at__isnull=False)


def _called_at(told: dict) -> str:
    by_members = told["outdated_at"] if told["outdated_count"] >= OUTDATED_NEEDED else None
    return max(at or "" for at in (by_members, told["expert_outdated_at"], told["marked_outdated_at"]))


def own_answers(user: User, codes: Sequence[str]) -> list[dict]:
    """What the expert answered, as far as it is about to age, or a crossing was reported of since."""
    shared, rules = as_reader(user).shared(MARK), update.rules()
    key = ("own answers", shared, tuple(codes), rules, NEWEST_LOOKED_AT)
    found = statement(key, lambda: _own(shared, codes))
    # A day early: what exactly a day is, crossings/freshness/rules.py decides.
    ages_until = timezone.now() + timedelta(days=1)
    return [json.loads(told) for _, told in found.rows(user.pk, ages_until.isoformat())]


def _own(reader: Reader, codes: Sequence[str]) -> QuerySet:
    mine = Post.objects.filter(author=reader.pk)
    since = mine.order_by("-written_at").values("written_at")[NEWEST_LOOKED_AT - 1 : NEWEST_LOOKED_AT]
    newest = _posts(reader).filter(author=reader.pk, written_at__gte=Coalesce(Subquery(since), _LONG_AGO))
    posts = newest.annotate(speaks_at=_SPEAKS_AT, holds_days=half_life())
    posts = posts.annotate(speaks_on=TruncDate("speaks_at", tzinfo=UTC))
    reported = _links("topic").filter(crossing__newest_on__gt=OuterRef("speaks_on"))
    ages_at = ExpressionWrapper(F("speaks_at") + F("holds_days") * Value(_A_PART), output_field=DateTimeField())
    to_others = ~Q(topic__author=reader.pk) & ~Q(exists_by_row(CrossingReport.objects.filter(post=OuterRef("pk"))))
    posts = posts.filter(Q(is_accepted=True) | Q(_is_about(codes, "topic")) & to_others)
    until = Cast(Value(text_mark(1)), DateTimeField())
    posts = posts.annotate(ages_at=ages_at).filter(Q(ages_at__lte=until) | Q(Exists(reported)))
    return _told(posts.order_by("-speaks_at", "-pk")[:LOOKED_AT])


_LONG_AGO = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())
# Of a half-life of one day.
_A_PART = timedelta(days=ABOUT_TO_AGE)
_SPEAKS_AT = Greatest(
    "written_at", "edited_at", "still_true_at",
    Subquery(
        AnswerConfirmation.objects.filter(post=OuterRef("pk")).values("post").annotate(at=Max("confirmed_at")).values("at")
    ),
)  # fmt: skip


def half_life() -> Coalesce:
    """How many days an answer holds, as a column of posts: the rule of `freshness.rules.half_life_of`, in SQL."""
    rules = update.rules()
    by_zone = {zone: _days(rules.half_life_of(in_conflict_zone=zone)) for zone in (True, False)}
    status_days = Case(When(crossing__in_conflict_zone=True, then=by_zone[True]), default=by_zone[False])
    shortest = _links("topic").annotate(days=status_days).order_by("days").values("days")[:1]
    subject = NullIf(queries.subject_days(), Value(0))
    return Coalesce(subject, Subquery(shortest), _days(PROCEDURE_DAYS), output_field=FloatField())


def _days(number: float) -> Value:
    return Value(float(number), output_field=FloatField())


def _posts(reader: Reader) -> QuerySet[Post]:
    posts = Post.objects.visible_to(reader).readable().filter(topic__locked_at=None, topic__subforum__locked_at=None)
    return posts.filter(topic__hidden_at=None, topic__held_at=None).annotate(is_accepted=queries.is_accepted())


def _links(topic: str) -> QuerySet[CrossingTopic]:
    return CrossingTopic.objects.standing().filter(topic=OuterRef(topic))


def _is_about(codes: Sequence[str], topic: str = "pk") -> Exists:
    return Exists(_links(topic).filter(Q(crossing__country_a__in=codes) | Q(crossing__country_b__in=codes)))


def _of_each(name: str, user: User, codes: Sequence[str], build, columns) -> list[tuple]:
    """The first rows of each country, in one prepared statement. Those of JSON are text."""
    if not codes:
        return []
    shared = as_reader(user).shared(MARK)

    def union() -> QuerySet:
        first, *others = [columns(build(shared, code), code) for code in codes]
        return first.union(*others, all=True)

    return statement((name, "on the desk", shared, tuple(codes), LOOKED_AT), union).rows(user.pk)


def _listed(topics: QuerySet[Topic], code: str) -> QuerySet:
    topics = topics.annotate(code=Value(code, output_field=CharField()), has_replies=Q(posts_count__gt=1))
    # As a subquery, of those alone that are shown.
    topics = topics.annotate(name=Subquery(User.objects.filter(pk=OuterRef("author")).values("username")))
    names = ["code", "pk", "title", "slug", "posts_count", "name", "opened_at"]
    return topics.order_by("has_replies", "-opened_at", "-pk").values_list(*names)[: SHOWN + 1]


def _told(posts: QuerySet[Post], code: str = "") -> QuerySet:
    """With what stands around an answer on the desk."""
    crossings = _links("topic").order_by("pk").values("crossing")
    around = {"topic_id": "topic_id", "title": "topic__title", "author": "author__username"}
    told = queries.as_json(posts, **around, crossings=ArraySubquery(crossings))
    return told.annotate(code=Value(code, output_field=CharField())).values_list("code", "json")
