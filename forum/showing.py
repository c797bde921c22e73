"""The posts of a page, each as finished HTML.

What a post shows besides its text is little and known: so one light row for each post tells by which key its finished
part is found, and only parts that are not kept are made from whole posts. The pages of one topic cost the same whatever
is on them.
"""

from datetime import datetime
from typing import NamedTuple, cast

from django.db.models import FETCH_RAISE, Exists, OuterRef
from django.template.loader import get_template
from django.utils import timezone

from accounts.models import User
from accounts.models.user import badge_titles
from forum import feeds, finished, markup, permissions
from forum import unread as reading
from forum.models import Answer, Post, Reaction, Topic
from forum.models.topic import POSTS_PER_PAGE
from forum.parts import Part, key_of
from forum.statements import MARK, Statement, statement

_FIELDS = (
    "pk", "number", "version", "author_id", "written_at", "edits_count", "hidden_at", "held_at", "hidden_by_id",
    "author__username", "author__posts_count", "author__reactions_given", "author__reactions_received",
    "author__signature",
)  # fmt: skip


class Row(NamedTuple):
    """What decides how a post looks, and what a reader may do with it."""

    pk: int
    number: int
    version: int
    author_id: int
    written_at: datetime
    edits_count: int
    hidden_at: datetime | None
    held_at: datetime | None
    hidden_by_id: int | None
    author_shown: tuple  # name, counters, signature, badges
    reacted: tuple  # the reader's own reactions: helpful, still true, outdated
    topic: Topic

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
    rows = [Row._make((*row[:9], row[9:15], row[15:], topic)) for row in found]
    moderates = permissions.can_moderate(user, topic.subforum)
    return [row for row in rows if row.held_at is None or moderates or row.author_id == user.pk]


def _question(user: User) -> Statement:
    return statement(("posts of a page", user.is_authenticated), lambda: _posts(with_reactions=user.is_authenticated))


def _posts(*, with_reactions: bool):
    posts = Post.objects.filter(topic=MARK, number__range=(MARK + 1, MARK + 2)).order_by("number")
    posts = posts.annotate(badges=badge_titles(OuterRef("author_id")))
    fields = [*_FIELDS, "badges"]
    if with_reactions:
        mine = Reaction.objects.filter(post=OuterRef("pk"), user_id=MARK + 3)
        posts = posts.annotate(**{f"reacted_{kind}": Exists(mine.filter(kind=kind)) for kind in Reaction.Kind.values})
        fields += [f"reacted_{kind}" for kind in Reaction.Kind.values]
    return posts.values_list(*fields)


def finished_posts(
    user: User, topic: Topic, rows: list[Row], answers: dict[int, Answer], more: dict[int, list[Part]]
) -> list[str]:
    """The HTML of each post, for this reader, with what other apps add to it."""
    keys = {row.pk: (*_key(user, row, answers.get(row.pk)), key_of(more.get(row.pk, ()))) for row in rows}
    parts = {pk: finished.parts.find(key) for pk, key in keys.items()}
    missing = [pk for pk, part in parts.items() if part is None]
    if missing:
        made = _make(user, topic, [row for row in rows if row.pk in set(missing)], answers, more)
        parts |= {pk: finished.parts.put(keys[pk], part) for pk, part in made.items()}
    return [parts[row.pk] for row in rows]  # type: ignore[misc]


def head_of(row: Row) -> tuple[str, str]:
    """What programs are told of a page by its first post: a few words, and what an opening post is about."""
    words, discussion = (finished.parts.find((*_head_key(row), what)) for what in ("words", "data"))
    if words is None or discussion is None:
        return _make_head(row, Post.objects.select_related("author").get(pk=row.pk))
    return words, discussion


def _make_head(row: Row, post: Post) -> tuple[str, str]:
    post.topic = row.topic
    words, discussion = markup.words_of(post.html), markup.as_data(feeds.discussion(post))
    finished.parts.put((*_head_key(row), "words"), words)
    finished.parts.put((*_head_key(row), "data"), discussion)
    return words, discussion


def _head_key(row: Row) -> tuple:
    return ("head", row.pk, row.version, row.topic.title, row.topic.slug, row.topic.author.username)


def _key(user: User, row: Row, answer: Answer | None) -> tuple:
    """Everything that can be seen of a post, and every button under it."""
    is_new = user.is_authenticated and reading.is_new(row, row.topic)
    return (
        "post",
        row.pk,
        row.version,
        row.hidden_at,
        row.held_at,
        (*row.author_shown[:5], *row.author_shown[5]),
        row.author_id == row.topic.author_id,
        answer and (answer.accepted_by.username, answer.accepted_at),
        is_new,
        row.reacted,
        _may(user, row) if user.is_authenticated else (),
        timezone.get_current_timezone_name(),
    )


def _may(user: User, row: Row) -> tuple[bool, ...]:
    post = cast(Post, row)  # it has all that they look at
    return (
        *(may(user, post) for may in _QUESTIONS),
        permissions.can_moderate(user, row.topic.subforum),
        permissions.can_reply(user, row.topic),
    )


_QUESTIONS = (
    permissions.can_accept,
    permissions.can_edit,
    permissions.can_react,
    permissions.can_read_history,
    permissions.can_withdraw,
)


def _make(
    user: User, topic: Topic, rows: list[Row], answers: dict[int, Answer], more: dict[int, list[Part]]
) -> dict[int, str]:
    posts = Post.objects.filter(pk__in=[row.pk for row in rows]).with_authors()
    if user.is_authenticated:
        posts = posts.with_reactions_of(user)
    template = get_template("forum/_post.html")
    found = posts.fetch_mode(FETCH_RAISE).in_bulk()
    made = {}
    for row in rows:
        post = found[row.pk]
        post.topic = topic
        post.answer = answers.get(row.pk)
        post.parts = more.get(row.pk, [])
        post.is_new = user.is_authenticated and reading.is_new(post, topic)
        if row.number % POSTS_PER_PAGE == 1:
            _make_head(row, post)
        made[row.pk] = template.render({"post": post, "topic": topic, "user": user})
    return made
