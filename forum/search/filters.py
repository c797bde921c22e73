"""Filters of the search page with the number of topics behind each option: the forum's own, and those of other apps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from accounts.models import ExpertBadge
from accounts.models.badge import IS_AWAKE
from forum.extensions import search_terms
from forum.extensions.search_terms import SearchFilter
from forum.search.candidates import Candidates

type Counts = dict[str, dict[str, int]]


@dataclass
class Counted:
    """The topics by filter and option; `cut` are the filters of which more topics match than were counted."""

    topics: Counts = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)


def _by_experts(_option: str) -> Q:
    return Q(Exists(ExpertBadge.objects.awake().filter(user=OuterRef("author"))))


EXPERTS = SearchFilter(
    name="experts",
    legend="Only",
    options=[("on", "By experts")],
    condition=_by_experts,
    counted=f"""
        SELECT 'on', count(DISTINCT topic_id) FROM candidate
        WHERE author_id IN (SELECT user_id FROM accounts_expertbadge AS badge WHERE {IS_AWAKE})
    """,  # noqa: S608
)


def all_filters() -> list[SearchFilter]:
    return [EXPERTS, *search_terms.filters()]


def condition_of(chosen: Mapping[str, str], *, without: str = "") -> Q:
    """What all chosen options ask of a post, but for one filter."""
    found = Q()
    for one in all_filters():
        if one.name != without and (option := chosen.get(one.name)):
            found &= one.condition(option)
    return found


def counting(made: Iterable[SearchFilter]) -> str:
    """SQL of one JSON value from the relation `candidate`: the topics by filter and option."""
    rows = " UNION ALL ".join(f"SELECT '{one.name}', * FROM ({one.counted}) AS counted" for one in made)  # noqa: S608
    return (
        "(SELECT json_agg(json_build_array(name, option, topics_count))"  # noqa: S608
        f" FROM ({rows}) AS counted (name, option, topics_count))"
    )


def counts_of(rows: Iterable[tuple[str, str, int]] | None) -> Counts:
    found: Counts = {}
    for name, option, topics_count in rows or []:
        found.setdefault(name, {})[option] = topics_count
    return found


def count(candidates: Candidates, made: SearchFilter) -> dict[str, int]:
    """The topics behind each option of one filter, of these posts."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(counting([made])), [candidates.as_array])
        return counts_of(cursor.fetchone()[0]).get(made.name, {})


_COUNT = """
    WITH candidate (id, topic_id, author_id) AS MATERIALIZED (
        SELECT post.id, post.topic_id, post.author_id
        FROM unnest(%s::bigint[]) AS found (id) JOIN forum_post AS post USING (id)
    )
    SELECT {}
"""
