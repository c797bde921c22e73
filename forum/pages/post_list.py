"""The posts of a page, each as finished HTML.

What a post shows besides its text is little and known: so one light row for each post tells by which key its finished
part is found, and only parts that are not kept are made from whole posts. The pages of one topic cost the same whatever
is on them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FETCH_RAISE, Exists, OuterRef, TextField
from django.db.models.functions import Cast
from django.template.loader import get_template
from django.utils import timezone

from accounts.models import User
from accounts.models.user import badge_titles
from forum import feeds, markup, permissions
from forum.extensions.fragments import Part, key_of
from forum.models import Post, Reaction, Subforum, Topic
from forum.models.topic import POSTS_PER_PAGE
from forum.pages.values import AnswerShown
from forum.unread import is_new
from pagecache import fragment_cache
from pagecache.prepared import MARK, Statement, statement

_FIELDS = (
    "pk", "number", "version", "author_id", "written_at", "edits_count", "hidden_at", "held_at", "hidden_by_id",
    "author__username", "author__posts_count", "author__reactions_given", "author__reactions_received",
    "author__signature", "badges",
)  # fmt: skip


class Row(NamedTuple):
    """What decides how a post looks, and what a reader may do with it: two that are equal look the same."""

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
    signature: str
    badges: str  # as PostgreSQL writes an array
    # Whether the author stands above members: told to members only, since visitors judge nobody.
    is_staff: bool = False
    moderates: bool = False
    reacted: str = ""  # likewise, the reader's own reactions

    @property
    def is_opening_post(self) -> bool:
        return self.number == 1

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None


def posts_of_page(user: User, topic: Topic, page: int) -> list[Row]:
    """The posts that this reader sees on a page of a topic, hidden ones as what is left of them."""
    first = (page - 1) * POSTS_PER_PAGE + 1
    found = _question(user).rows(topic.pk, first, first + POSTS_PER_PAGE - 1, user.pk or 0)
    moderates = permissions.can_moderate(user, topic.subforum)
    rows = [Row(*row) for row in found]
    return [row for row in rows if row.held_at is None or moderates or row.author_id == user.pk]


def _question(user: User) -> Statement:
    return statement(("posts of a page", user.is_authenticated), lambda: _posts(with_reactions=user.is_authenticated))


def _posts(*, with_reactions: bool):
    posts = Post.objects.filter(topic=MARK, number__range=(MARK + 1, MARK + 2)).order_by("number")
    posts = posts.annotate(badges=Cast(badge_titles(OuterRef("author_id")), TextField()))
    if not with_reactions:
        return posts.values_list(*_FIELDS)
    mine = Reaction.objects.filter(post=OuterRef("pk"), user_id=MARK + 3).order_by("kind").values("kind")
    through = Subforum.moderators.through.objects
    moderates = Exists(through.filter(user=OuterRef("author_id"), subforum=OuterRef("topic__subforum_id")))
    posts = posts.annotate(moderates=moderates, reacted=Cast(ArraySubquery(mine), TextField()))
    return posts.values_list(*_FIELDS, "author__is_staff", "moderates", "reacted")


def finished_posts(
    user: User, topic: Topic, rows: list[Row], answers: dict[int, AnswerShown], more: dict[int, list[Part]]
) -> str:
    """The HTML of all posts, for this reader, with what other apps add to them."""
    keys = _keys(user, topic, rows, answers, more)
    found = fragment_cache.parts.find_all(keys)
    missing = [place for place, part in enumerate(found) if part is None]
    if missing:
        posts = _whole_posts(user, topic, [rows[place].pk for place in missing])
        for place in missing:
            row, post = rows[place], posts[rows[place].pk]
            post.parts = more.get(row.pk, [])
            found[place] = _make(user, row, post, answers.get(row.pk))
            if _is_still(row, post):
                fragment_cache.parts.put(keys[place], found[place])
    return "".join(found)


def _keys(
    user: User, topic: Topic, rows: list[Row], answers: dict[int, AnswerShown], more: dict[int, list[Part]]
) -> list[tuple]:
    """Everything that can be seen of each post, and every button under it."""
    always = ("post", topic.author_id, timezone.get_current_timezone_name())
    added = {pk: key_of(parts) for pk, parts in more.items()}
    if not user.is_authenticated:
        return [(row, always, answers.get(row.pk), added.get(row.pk)) for row in rows]
    return [
        (row, always, answers.get(row.pk), added.get(row.pk), is_new(row, topic), may)
        for row, may in zip(rows, _powers(user, topic, rows), strict=True)
    ]


class Author(NamedTuple):
    """Whoever wrote a post, as far as it matters to whoever may judge it."""

    pk: int
    is_staff: bool
    moderates_ids: list[int]
    is_authenticated: bool = True


class Judged(NamedTuple):
    """A row with all that permissions look at in a post."""

    pk: int
    number: int
    author_id: int
    author: Author
    written_at: datetime
    hidden_at: datetime | None
    is_readable: bool
    is_opening_post: bool
    topic: Topic


def judged(rows: Sequence[Row], topic: Topic) -> list[Judged]:
    return [
        Judged(
            row.pk,
            row.number,
            row.author_id,
            Author(row.author_id, row.is_staff, _moderated_by(row, topic)),
            row.written_at,
            row.hidden_at,
            row.is_readable,
            row.is_opening_post,
            topic,
        )
        for row in rows
    ]


def _moderated_by(row: Row, topic: Topic) -> list[int]:
    """Which subforums the author moderates, as far as this topic goes."""
    return [topic.subforum_id] if row.moderates else []


def _powers(user: User, topic: Topic, rows: Sequence[Row]) -> list[tuple[bool, ...]]:
    """What the reader may do with each post. Others' posts are judged by kind: nothing else of them matters."""
    of_kind: dict[tuple, tuple[bool, ...]] = {}
    found = []
    for row in rows:
        state = (row.hidden_at is None, row.held_at is None, row.number == 1)
        kind = (row.author_id == user.pk and row.pk, row.is_staff, row.moderates, *state)
        if kind not in of_kind:
            of_kind[kind] = _may(user, row, topic)
        found.append(of_kind[kind])
    return found


def _may(user: User, row: Row, topic: Topic) -> tuple[bool, ...]:
    post = cast(Post, judged([row], topic)[0])
    return (
        *(may(user, post) for may in _QUESTIONS),
        permissions.can_moderate(user, topic.subforum),
        permissions.can_reply(user, topic),
    )


_QUESTIONS = (
    permissions.can_accept,
    permissions.can_edit,
    permissions.can_react,
    permissions.can_read_history,
    permissions.can_withdraw,
)


def _whole_posts(user: User, topic: Topic, ids: list[int]) -> dict[int, Post]:
    posts = Post.objects.filter(pk__in=ids).with_authors()
    if user.is_authenticated:
        posts = posts.with_reactions_of(user)
    found = posts.fetch_mode(FETCH_RAISE).in_bulk()
    for post in found.values():
        post.topic = topic
    return found


def _make(user: User, row: Row, post: Post, answer: AnswerShown | None) -> str:
    post.answer = answer
    post.author.moderates_ids = _moderated_by(row, post.topic)
    post.is_new = user.is_authenticated and is_new(post, post.topic)
    if row.number % POSTS_PER_PAGE == 1:
        _make_head(post.topic, row, post)
    return get_template("forum/_post.html").render({"post": post, "topic": post.topic, "user": user})


def _is_still(row: Row, post: Post) -> bool:
    """Whether nothing came between the row and the post: else what was made is shown, but not kept under its key."""
    author = post.author
    return row.version == post.version and row[9:14] == (
        author.username, author.posts_count, author.reactions_given, author.reactions_received, author.signature,
    )  # fmt: skip


def head_of(topic: Topic, row: Row) -> tuple[str, str]:
    """What programs are told of a page by its first post: a few words, and what an opening post is about."""
    words, discussion = fragment_cache.parts.find_all(_head_keys(topic, row))
    if words is None or discussion is None:
        return _make_head(topic, row, Post.objects.select_related("author").get(pk=row.pk))
    return words, discussion


def _make_head(topic: Topic, row: Row, post: Post) -> tuple[str, str]:
    post.topic = topic
    words, discussion = markup.words_of(post.html), markup.as_data(feeds.discussion(post))
    if _is_still(row, post):
        for key, part in zip(_head_keys(topic, row), (words, discussion), strict=True):
            fragment_cache.parts.put(key, part)
    return words, discussion


def _head_keys(topic: Topic, row: Row) -> list[tuple]:
    return [(what, row.pk, row.version, topic.title, topic.slug, topic.author.username) for what in ("words", "data")]
