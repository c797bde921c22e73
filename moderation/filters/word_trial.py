"""Trying words against the latest posts before they are watched, by the matching of the filter itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from accounts.models import User
from forum.models import Post, Subforum
from moderation.filters.banned_words import Watched, fold_text, matching_folded, text_of

LATEST = 1_000
# Long posts end a trial earlier, so that it takes seconds at most.
MOST_CHARACTERS = 4_000_000
EXAMPLES = 5


class Tried(NamedTuple):
    """A post as a trial reads it: folded, with whether its author is trusted and whether it is hidden already."""

    pk: int
    folded_text: str
    is_by_trusted: bool
    is_hidden: bool


@dataclass
class Trial:
    """What a word would have found: numbers of posts, and the newest of them as far as the user may read them."""

    looked_at: int
    found: int = 0
    by_trusted: int = 0
    hidden: int = 0
    ids: list[int] = field(default_factory=list)
    examples: list[Post] = field(default_factory=list)


def latest_posts(subforum: Subforum | None) -> list[Tried]:
    """The latest LATEST posts that the filter looks at in a subforum (None: the whole forum), the newest first."""
    return list(_until_enough(subforum))


def trial_of(folded: str, posts: Sequence[Tried]) -> Trial:
    """What a folded pattern finds among these posts."""
    word, result = [Watched(folded, folded, "")], Trial(len(posts))
    for post in posts:
        if matching_folded(post.folded_text, word):
            result.found += 1
            result.by_trusted += post.is_by_trusted
            result.hidden += post.is_hidden
            result.ids.append(post.pk)
    return result


def with_examples(user: User, trial: Trial) -> Trial:
    """The trial with the newest of the posts that it found and this user may read. One query."""
    posts = Post.objects.visible_to(user).filter(pk__in=trial.ids[: 10 * EXAMPLES])
    trial.examples = list(posts.select_related("topic", "author").order_by("-pk")[:EXAMPLES])
    return trial


def _until_enough(subforum: Subforum | None) -> Iterator[Tried]:
    left = MOST_CHARACTERS
    for post in _screened(subforum)[:LATEST].iterator(chunk_size=200):
        left -= len(post.source)
        if left < 0:
            return
        title = post.topic.title if post.is_opening_post else ""
        is_hidden = post.hidden_at is not None or post.topic.hidden_at is not None
        is_by_trusted = post.author.trust == User.Trust.TRUSTED
        yield Tried(post.pk, fold_text(text_of(title, post.source)), is_by_trusted, is_hidden)


def _screened(subforum: Subforum | None):
    """Posts of those whom the filter looks at: not of administrators, nor of moderators of the place."""
    moderators = Subforum.moderators.through.objects.filter(
        subforum=OuterRef("topic__subforum"), user=OuterRef("author")
    )
    posts = Post.objects.filter(~Exists(moderators), author__is_staff=False)
    if subforum is not None:
        posts = posts.filter(topic__subforum=subforum)
    return posts.select_related("topic", "author").defer("html").order_by("-pk")
