"""Recounting all counters, to check or to repair them (docs/counters.md)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from forum.counters import expert_replies
from forum.models import Answer, Post, PostRevision, Reaction, Subforum, Topic
from pagecache.versions import bump


@dataclass(frozen=True)
class Drift:
    """A counter whose stored value differs from a fresh count."""

    row: models.Model
    counter: str
    stored: object
    counted: object

    def __str__(self) -> str:
        name = type(self.row).__name__
        return f"{name} {self.row.pk}: {self.counter} is {self.stored}, counted {self.counted}"


@transaction.atomic
def recount(*, mend: bool) -> list[Drift]:
    """Every drift found. With `mend` they are repaired, while table locks keep writers out."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # no timeout: no page waits for it
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
        _end_kept_pages(drifts)
    return drifts


def _end_kept_pages(drifts: list[Drift]) -> None:
    """Invalidate the cached pages that show a repaired number; members' counters on them may be stale for a minute."""
    posts, topics, subforums = (
        {drift.row.pk for drift in drifts if isinstance(drift.row, model)} for model in (Post, Topic, Subforum)
    )
    topics |= set(Post.objects.filter(pk__in=posts).values_list("topic_id", flat=True))
    subforums |= set(Topic.objects.filter(pk__in=topics).values_list("subforum_id", flat=True))
    for model, ids in ((Topic, topics), (Post, posts), (Subforum, subforums)):
        bump(model, *ids)


def _drifts() -> Iterator[Drift]:
    for model, counter, fresh in _counters():
        rows = model._base_manager.annotate(counted=fresh)
        for row in rows.exclude(**{counter: F("counted")}).order_by("pk"):
            yield Drift(row, counter, getattr(row, counter), row.counted)  # type: ignore[attr-defined]
    for kind in (Reaction.Kind.STILL_TRUE, Reaction.Kind.OUTDATED):
        yield from _drifts_of_dates(kind)
    for model, counter, newest in _newest():
        rows = model._base_manager.annotate(counted=Subquery(newest))
        for row in rows.order_by("pk"):
            stored = getattr(row, counter)
            if stored != row.counted and row.counted is not None:  # type: ignore[attr-defined]
                yield Drift(row, counter, stored, row.counted)  # type: ignore[attr-defined]


def _drifts_of_dates(kind: Reaction.Kind) -> Iterator[Drift]:
    """Drifts of the time of the newest "still true" or "outdated" reaction."""
    field = f"{kind}_at"
    given = Reaction.objects.filter(kind=kind, post=OuterRef("pk")).order_by("-given_at").values("given_at")[:1]
    posts = Post.objects.annotate(counted=Subquery(given)).filter(
        Q(counted__isnull=False) | Q(**{f"{field}__isnull": False})
    )
    for post in posts.order_by("pk"):
        if getattr(post, field) != post.counted:
            yield Drift(post, field, getattr(post, field), post.counted)


def _counters() -> Iterator[tuple[type[models.Model], str, Coalesce | F]]:
    readable = Post.objects.readable()
    in_readable_topics = readable.filter(topic__hidden_at=None, topic__held_at=None)
    by_all = Post.objects.readable_by_all()
    helpful = Reaction.objects.filter(kind=Reaction.Kind.HELPFUL, post__in=by_all.values("pk"))
    yield Topic, "posts_count", _count(readable, "topic")
    yield Topic, "duplicates_count", _count(Topic.objects.all(), "duplicate_of")
    yield Topic, "answers_count", _count(Answer.objects.standing(), "post__topic")
    yield Topic, "expert_replies_count", _count(expert_replies.all_replies(), "topic")
    yield Topic, "last_number", _count(Post.objects.all(), "topic")
    yield Subforum, "posts_count", _count(in_readable_topics, "topic__subforum")
    yield Subforum, "topics_count", _count(Topic.objects.readable(), "subforum")
    yield Post, "heading", F("topic__title")
    yield Post, "edits_count", _count(PostRevision.objects.all(), "post")
    for kind in Reaction.Kind.values:
        yield Post, f"{kind}_count", _count(Reaction.objects.filter(kind=kind), "post")
    yield User, "posts_count", _count(by_all, "author")
    yield User, "reactions_received", _count(helpful, "post__author")
    yield User, "reactions_given", _count(helpful, "user")


def _newest() -> Iterator[tuple[type[models.Model], str, QuerySet]]:
    last = Post.objects.readable().filter(topic=OuterRef("pk")).order_by("-number")
    yield Topic, "last_post_id", last.values("pk")[:1]
    yield Topic, "last_post_at", last.values("written_at")[:1]
    newest = Topic.objects.readable().filter(subforum=OuterRef("pk"), last_post__isnull=False)
    newest = newest.order_by("-last_post_at", "-last_post")
    yield Subforum, "last_post_id", newest.values("last_post_id")[:1]
    yield Subforum, "last_post_at", newest.values("last_post_at")[:1]


def _count(rows: QuerySet, by: str) -> Coalesce:
    grouped = rows.order_by().filter(**{by: OuterRef("pk")}).values(by).annotate(rows=Count("pk"))
    return Coalesce(Subquery(grouped.values("rows")), 0)
