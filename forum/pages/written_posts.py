"""Posts as lists outside their topic show them: the title above, how they begin, where they stand."""

from collections.abc import Iterable

from django.db.models import FETCH_RAISE, QuerySet

from forum import markup
from forum.models import Post

EXCERPT = 200  # characters


def with_all_that_is_shown(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Joins topic, subforum and author. Without the source, where quotes still name whose post was hidden since."""
    posts = posts.with_called_outdated()  # type: ignore[attr-defined]
    return posts.select_related("topic__subforum", "author").defer("source").fetch_mode(FETCH_RAISE)


def with_excerpts(posts: Iterable[Post]) -> list[Post]:
    """Sets `excerpt`, how each begins as plain text, without what it quotes."""
    listed = list(posts)
    for post in listed:
        post.excerpt = markup.own_words_of(post.html, EXCERPT)
    return listed
