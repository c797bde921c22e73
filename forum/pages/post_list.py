"""The posts of a topic's page, each as a cached fragment.

One query selects a light row per post, which is the cache key of its fragment; whole posts with their HTML are only
loaded for fragments that are not cached. All pages of a topic are a range of numbers, so they cost the same.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FETCH_RAISE, Case, Exists, OuterRef, TextField, Value, When
from django.db.models.functions import Cast, JSONObject
from django.template.loader import get_template
from django.utils import timezone

from accounts.readers import Reader, ignored_ids
from forum import markup, structured_data
from forum.extensions.fragments import Part, key_of
from forum.models import Bookmark, Post, Reaction, Subforum, Topic
from forum.models.post import PostQuerySet
from forum.models.subforum import spoken_titles
from forum.pages.profile_fields import signature_below
from forum.pages.values import AnswerRow
from forum.permissions import PostPermissions, can_moderate, is_folded, permissions_for
from forum.unread import is_unread
from pagecache import fragment_cache
from pagecache.prepared import MARK, Statement, array_of, is_any, statement
from pagecache.prepared_models import instances

_FIELDS = (
    "pk", "number", "version", "author_id", "written_at", "edits_count", "hidden_at", "held_at", "hidden_by_id",
    "author__username", "author__posts_count", "author__reactions_given", "author__reactions_received",
    "told_of_signature", "badges", "called_outdated_at",
)  # fmt: skip

_OF_SIGNATURE = ("signature", "signature_html", "signature_for", "trust", "is_staff", "banned_at")


class _PostColumns(NamedTuple):
    pk: int
    number: int
    version: int
    author_id: int
    written_at: datetime
    edits_count: int
    hidden_at: datetime | None
    held_at: datetime | None
    hidden_by_id: int | None
    username: str
    posts_count: int
    reactions_given: int
    reactions_received: int
    signature: str  # as JSON, if the author has one; then what this reader sees, as HTML
    badges: str  # a PostgreSQL array as text
    called_outdated_at: datetime | None  # as readers see it: by enough members, or by an expert
    # Whether the author is staff or moderates here, for `outranks`; not loaded for visitors, who have no permissions.
    is_staff: bool = False
    is_moderator: bool = False
    reacted: str = ""  # the reader's own reactions, likewise
    is_bookmarked: bool = False  # likewise
    is_new: bool = False
    is_folded: bool = False  # because the reader ignores its author
    may: PostPermissions = PostPermissions()


class PostRow(_PostColumns):
    """Everything that a post's fragment shows besides its text, and the reader's permissions: the key of its fragment.

    `topic` is an attribute for permissions, and not part of the key.
    """

    topic: Topic

    @property
    def author(self) -> Reader:
        """The author as a Reader, with what `outranks` needs in this subforum."""
        return Reader(self.author_id, self.is_staff, (self.topic.subforum_id,) if self.is_moderator else ())

    @property
    def is_opening_post(self) -> bool:
        return self.number == 1 and not self.topic.is_running

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None


def posts_of_page(reader: Reader, topic: Topic, page: int) -> list[PostRow]:
    """The posts on a page of a topic for this reader; hidden ones are included, and shown as stubs. One query."""
    size = reader.posts_per_page
    first = (page - 1) * size + 1
    found = _statement_for(reader).rows(topic.pk, first, first + size - 1, reader.pk or 0)
    ignored, permissions = ignored_ids(reader), _Permissions(reader, topic)
    rows = [_row(reader, topic, ignored, permissions, columns) for columns in found]
    return [row for row in rows if row.held_at is None or row.may.moderate or row.author_id == reader.pk]


class _Permissions:
    """The reader's permissions on the posts of one page. Posts of others that are equal in all that permissions look at
    are judged once, unless the reader moderates there, and so may outrank one author and not the other."""

    def __init__(self, reader: Reader, topic: Topic) -> None:
        self._reader = reader
        self._is_moderator = can_moderate(reader, topic.subforum)
        self._alike: dict[tuple[bool, ...], PostPermissions] = {}

    def on(self, row: PostRow) -> PostPermissions:
        if self._is_moderator or row.author_id == self._reader.pk:
            return permissions_for(self._reader, row)
        alike = (row.is_opening_post, row.hidden_at is None, row.held_at is None)
        if alike not in self._alike:
            self._alike[alike] = permissions_for(self._reader, row)
        return self._alike[alike]


def _row(reader: Reader, topic: Topic, ignored: tuple[int, ...], permissions: _Permissions, columns: tuple) -> PostRow:
    row = PostRow(*columns)
    row.topic = topic
    is_new = reader.is_authenticated and is_unread(topic.read, row.number, row.written_at)
    row = row._replace(
        signature=_signature(reader, row.signature),
        is_new=is_new,
        is_folded=is_folded(reader, row, ignored),
        may=permissions.on(row),
    )
    row.topic = topic
    return row


def _signature(reader: Reader, told: str) -> str:
    return signature_below(reader, SimpleNamespace(**json.loads(told))) if told else ""


def _statement_for(reader: Reader) -> Statement:
    is_member = reader.is_authenticated
    return statement(("posts of a page", is_member), lambda: _posts(with_reactions=is_member))


def _posts(*, with_reactions: bool):
    posts = Post.objects.filter(topic=MARK, number__range=(MARK + 1, MARK + 2)).order_by("number")
    told = Cast(JSONObject(**{name: f"author__{name}" for name in _OF_SIGNATURE}), TextField())
    signature = Case(When(author__signature="", then=Value("")), default=told, output_field=TextField())
    badges = Cast(spoken_titles("author_id", "topic__"), TextField())
    posts = posts.annotate(badges=badges, told_of_signature=signature).with_called_outdated()
    if not with_reactions:
        return posts.values_list(*_FIELDS)
    mine = Reaction.objects.filter(post=OuterRef("pk"), user_id=MARK + 3).order_by("kind").values("kind")
    through = Subforum.moderators.through.objects
    moderates = Exists(through.filter(user=OuterRef("author_id"), subforum=OuterRef("topic__subforum_id")))
    posts = posts.annotate(
        moderates=moderates,
        reacted=Cast(ArraySubquery(mine), TextField()),
        bookmarked=Exists(Bookmark.objects.filter(post=OuterRef("pk"), user_id=MARK + 3)),
    )
    return posts.values_list(*_FIELDS, "author__is_staff", "moderates", "reacted", "bookmarked")


def finished_posts(
    reader: Reader, topic: Topic, rows: list[PostRow], answers: dict[int, AnswerRow], more: dict[int, list[Part]]
) -> str:
    """The HTML of all posts for this reader, with the parts of other apps. At most one query, for posts not cached."""
    keys = _keys(reader, topic, rows, answers, more)
    found = fragment_cache.parts.get_many(keys)
    missing = [place for place, part in enumerate(found) if part is None]
    if missing:
        posts = _whole_posts(reader, topic, [rows[place].pk for place in missing])
        for place in missing:
            row, post = rows[place], posts[rows[place].pk]
            post.parts = more.get(row.pk, [])
            found[place] = _make(reader, row, post, answers.get(row.pk))
            if place == 0:
                _make_head(topic, row, tuple(answers.values()) if row.is_opening_post else (), posts)
            if _is_still(row, post):
                fragment_cache.parts.put(keys[place], found[place])
    return "".join(found)


def _keys(
    reader: Reader, topic: Topic, rows: list[PostRow], answers: dict[int, AnswerRow], more: dict[int, list[Part]]
) -> list[tuple]:
    """The cache key of each post: everything it shows, and every button under it."""
    always = ("post", topic.author_id, reader.is_authenticated, timezone.get_current_timezone_name())
    added = {pk: key_of(parts) for pk, parts in more.items()}
    return [(row, always, answers.get(row.pk), added.get(row.pk)) for row in rows]


def _whole_posts(reader: Reader, topic: Topic, ids: list[int]) -> dict[int, Post]:
    shared = reader.shared(MARK + 1)
    key = ("whole posts", shared.is_authenticated)
    posts = instances(key, lambda: _with_all_that_is_shown(shared), array_of(ids), reader.pk or 0)
    for post in posts:
        post.topic = topic
    return {post.pk: post for post in posts}


def _with_all_that_is_shown(reader: Reader) -> PostQuerySet:
    posts = Post.objects.filter(is_any("forum_post.id")).with_authors().fetch_mode(FETCH_RAISE)
    return posts.with_reactions_of(reader) if reader.is_authenticated else posts


def _make(reader: Reader, row: PostRow, post: Post, answer: AnswerRow | None) -> str:
    post.answer, post.may, post.called_outdated_at = answer, row.may, row.called_outdated_at
    post.signature = row.signature
    post.is_new, post.is_folded, post.is_bookmarked = row.is_new, row.is_folded, row.is_bookmarked
    return get_template("forum/_post.html").render({"post": post, "topic": post.topic, "user": reader})


def _is_still(row: PostRow, post: Post) -> bool:
    """Whether row and post, read by two queries, are of the same version; else the HTML is shown, but not cached."""
    author = post.author
    return row.version == post.version and row[9:13] == (
        author.username, author.posts_count, author.reactions_given, author.reactions_received,
    )  # fmt: skip


def head_of(topic: Topic, row: PostRow, answers: Sequence[AnswerRow] = ()) -> tuple[str, str]:
    """Description and structured data (JSON) of a page for its <head>, from its first post and the answers; cached."""
    words, data = fragment_cache.parts.get_many(_head_keys(topic, row, answers))
    return _make_head(topic, row, answers, {}) if words is None or data is None else (words, data)


def _make_head(topic: Topic, row: PostRow, answers: Sequence[AnswerRow], known: Mapping[int, Post]) -> tuple[str, str]:
    """The same, of posts that are `known` with their authors or else asked for."""
    missing = {row.pk, *(answer.post_id for answer in answers)} - known.keys()
    posts = {**known, **_with_authors(missing)} if missing else known
    posts = {pk: post for pk, post in posts.items() if post.hidden_at is None and post.held_at is None}
    post = posts.get(row.pk)
    if post is None:
        return "", ""
    answering = [posts[answer.post_id] for answer in answers if answer.post_id in posts]
    words = markup.words_of(post.html)
    data = markup.as_data(structured_data.topic_data(topic, post, answering))
    if _is_still(row, post) and [found.version for found in answering] == [answer.version for answer in answers]:
        for key, part in zip(_head_keys(topic, row, answers), (words, data), strict=True):
            fragment_cache.parts.put(key, part)
    return words, data


def _with_authors(ids: Iterable[int]) -> dict[int, Post]:
    queryset = Post.objects.filter(is_any("forum_post.id")).select_related("author")
    return {post.pk: post for post in instances("posts with authors", lambda: queryset, array_of(ids))}


def _head_keys(topic: Topic, row: PostRow, answers: Sequence[AnswerRow]) -> list[tuple]:
    shown = tuple((answer.post_id, answer.version, answer.author.username) for answer in answers)
    about = (row.pk, row.version, row.username, topic.title, topic.slug)
    return [("words", *about), ("data", *about, shown)]
