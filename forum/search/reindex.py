"""Making the words of posts again, after a change of INDEX_VERSION. It can be interrupted and resumed at any time."""

from collections.abc import Callable

from django.db import transaction

from forum.models import Post, Topic
from forum.models.post import PAGES_LANGUAGE
from forum.search.vectors import INDEX_VERSION, indexed
from pagecache.prepared import run
from pagecache.versions import bump

MOST_AT_NIGHT = 20_000  # posts
BATCH = 100  # posts whose rows are locked at once, for a tenth of a second or two
Progress = Callable[[int, int], None]


def waiting() -> int:
    """How many posts have words of an older version, counted by their own index."""
    return Post.objects.filter(search_version__lt=INDEX_VERSION).count()


def reindex(progress: Progress | None = None, most: int | None = None) -> int:
    """Make the words of all posts that have those of an older version, or about `most` of them, the newest first. Says
    how many they were. A post that somebody else has locked is passed by, and is left for the next time.
    """
    total, done, before = waiting(), 0, None
    while (most is None or done < most) and (batch := _batch(before)):
        done += _index(batch)
        before = batch[0]
        if progress:
            progress(min(done, total), total)
    return done


def index_missing() -> None:
    """The nightly chore: posts that came past the forum's own verbs, and what an upgrade left."""
    reindex(most=MOST_AT_NIGHT)


def _batch(before: int | None) -> list[int]:
    """The primary keys of the next posts, in order."""
    posts = Post.objects.filter(search_version__lt=INDEX_VERSION)
    if before is not None:
        posts = posts.filter(pk__lt=before)
    return sorted(posts.order_by("-pk").values_list("pk", flat=True)[:BATCH])


def _index(ids: list[int]) -> int:
    """One transaction. What is shown of a post in a foreign language changes: its `lang` attribute."""
    with transaction.atomic():
        rows = run(_LOCK, [ids], writes=Post)
        made = indexed([(heading, source) for _, _, heading, source in rows])
        values = [[pk for pk, *_ in rows], [one.search for one in made], [one.language for one in made]]
        changed = {topic_id for (topic_id,) in run(_WRITE, values, writes=Post)}
    for topic_id in sorted(changed):  # after the posts are free again, because topics are locked before posts
        bump(Topic, topic_id)
    return len(rows)


_LOCK = f"""
    SELECT id, topic_id, heading, source FROM forum_post
    WHERE id = ANY (%s::bigint[]) AND search_version < {INDEX_VERSION}
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608
_WRITE = f"""
    WITH made AS MATERIALIZED (
        SELECT post.id, made.words, made.language,
            post.language <> made.language AND made.language NOT IN ('', '{PAGES_LANGUAGE}') AS is_shown
        FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS made (id, words, language)
        JOIN forum_post AS post ON post.id = made.id
    ),
    written AS (
        UPDATE forum_post AS post SET search = made.words::tsvector, search_version = -{INDEX_VERSION},
            language = made.language, version = post.version + made.is_shown::int
        FROM made WHERE post.id = made.id RETURNING post.topic_id, made.is_shown
    )
    SELECT DISTINCT topic_id FROM written WHERE is_shown
"""  # noqa: S608


def drifted(progress: Progress | None = None) -> list[int]:
    """The posts (primary keys) whose words are not those of their title and text. Changes nothing."""
    total, done, last = Post.objects.count(), 0, 0
    found: list[int] = []
    while rows := run(_NEXT, [last, BATCH * 5], reads=Post):
        made = indexed([(heading, source) for _, heading, source in rows])
        values = [[pk for pk, *_ in rows], [one.search for one in made], [one.language for one in made]]
        found += [pk for (pk,) in run(_COMPARE, values, reads=Post)]
        last, done = rows[-1][0], done + len(rows)
        if progress:
            progress(done, total)
    return found


def outdate(ids: list[int]) -> None:
    """Have these posts indexed again by `reindex`."""
    Post.objects.filter(pk__in=ids).update(search_version=0)


_NEXT = "SELECT id, heading, source FROM forum_post WHERE id > %s ORDER BY id LIMIT %s"
_COMPARE = f"""
    SELECT post.id FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS made (id, words, language)
    JOIN forum_post AS post ON post.id = made.id
    WHERE post.search IS DISTINCT FROM made.words::tsvector OR post.language <> made.language
        OR post.search_version <> {INDEX_VERSION}
    ORDER BY post.id
"""  # noqa: S608
