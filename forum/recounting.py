"""Counting everything afresh, to prove the counters or to mend them (docs/counters.md)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from forum.models import Post, Reaction, Subforum, Topic


@dataclass(frozen=True)
class Drift:
    """A counter that says something else than a fresh count."""

    row: models.Model
    counter: str
    stored: object
    counted: object

    def __str__(self) -> str:
        name = type(self.row).__name__
        return f"{name} {self.row.pk}: {self.counter} is {self.stored}, counted {self.counted}"


@transaction.atomic
def recount(*, mend: bool) -> list[Drift]:
    """Every drift found. With `mend` they are put right, while nobody may write."""
    with connection.cursor() as cursor:
        if mend:
            tables = [Topic, Post, Subforum, User, Reaction]
            names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
        elif not connection.in_atomic_block or not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    drifts = list(_drifts())
    if mend:
        for drift in drifts:
            type(drift.row)._base_manager.filter(pk=drift.row.pk).update(**{drift.counter: drift.counted})
    return drifts


def _drifts() -> Iterator[Drift]:
    for model, counter, fresh in _counters():
        rows = model._base_manager.annotate(counted=fresh)
        for row in rows.exclude(**{counter: F("counted")}).order_by("pk"):
            yield Drift(row, counter, getattr(row, counter), row.counted)  # type: ignore[attr-defined]
    for model, counter, newest in _newest():
        rows = model._base_manager.annotate(counted=Subquery(newest))
        for row in rows.order_by("pk"):
            stored = getattr(row, counter)
            if stored != row.counted and row.counted is not None:  # type: ignore[attr-defined]
                yield Drift(row, counter, stored, row.counted)  # type: ignore[attr-defined]


def _counters() -> Iterator[tuple[type[models.Model], str, Coalesce]]:
    readable = Post.objects.readable()
    in_readable_topics = readable.filter(topic__hidden_at=None, topic__held_at=None)
    by_all = Post.objects.readable_by_all()
    helpful = Reaction.objects.filter(kind=Reaction.Kind.HELPFUL, post__in=by_all.values("pk"))
    yield Topic, "posts_count", _count(readable, "topic")
    yield Topic, "last_number", _count(Post.objects.all(), "topic")
    yield Subforum, "posts_count", _count(in_readable_topics, "topic__subforum")
    yield Subforum, "topics_count", _count(Topic.objects.readable(), "subforum")
    for kind in Reaction.Kind.values:
        yield Post, f"{kind}_count", _count(Reaction.objects.filter(kind=kind), "post")
    yield User, "posts_count", _count(by_all, "author")
    yield User, "reactions_received", _count(helpful, "post__author")
    yield User, "reactions_given", _count(helpful, "user")


def _newest() -> Iterator[tuple[type[models.Model], str, QuerySet]]:
    last = Post.objects.readable().filter(topic=OuterRef("pk")).order_by("-number")
    yield Topic, "last_post_id", last.values("pk")[:1]
    yield Topic, "last_post_at", last.values("written_at")[:1]
    newest = Topic.objects.readable().filter(subforum=OuterRef("pk")).order_by("-last_post_at", "-pk")
    yield Subforum, "last_post_id", newest.values("last_post_id")[:1]


def _count(rows: QuerySet, by: str) -> Coalesce:
    grouped = rows.order_by().filter(**{by: OuterRef("pk")}).values(by).annotate(rows=Count("pk"))
    return Coalesce(Subquery(grouped.values("rows")), 0)
