"""Posts whose words an older version made: found by them until `manage.py reindex` has been there.

A trigger makes such words, too, for posts written past the forum's verbs (migration `the_words_of_posts_are_given`).
"""

import re

from accounts.text.split import SPACELESS
from forum.models import Post
from forum.search.vectors import INDEX_VERSION
from pagecache.prepared import run

_RUN = re.compile(f"[{SPACELESS}]+")


def are_left() -> bool:
    """Whether a post has words of an older version. One query, of an index that is empty when all are indexed."""
    sql = f"SELECT 1 FROM forum_post WHERE search_version < {INDEX_VERSION} LIMIT 1"  # noqa: S608
    return bool(run(sql, reads=Post))


def query_of(queries: list[str]) -> str:
    """The tsquery, as text, that finds any of these queries in former words; "" if it would require none."""
    asked = " || ".join(["websearch_to_tsquery('bp', %s)"] * len(queries))
    rows = run(
        f"SELECT asked::text, querytree(asked) NOT IN ('', 'T') FROM (SELECT {asked} AS asked) AS typed",  # noqa: S608
        [_in_a_row(query) for query in queries],
        reads=Post,
    )
    return rows[0][0] if rows[0][1] else ""


def _in_a_row(query: str) -> str:
    """Words of scripts without blanks as phrases of single letters, as the former words have them."""
    parts = query.split('"')
    for place, part in enumerate(parts):
        is_quoted = place % 2 == 1 and place < len(parts) - 1
        parts[place] = _RUN.sub(lambda run, bare=is_quoted: _letters(run[0], bare=bare), part)  # type: ignore[misc]
    return '"'.join(parts)


def _letters(run: str, *, bare: bool) -> str:
    letters = f" {' '.join(run)} "
    return letters if bare else f'"{letters}"'
