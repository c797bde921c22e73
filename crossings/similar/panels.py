"""What similar topics add to the forum's pages: the table under a topic."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from accounts.readers import Reader
from crossings.gazetteer import query_expansion
from crossings.models import SimilarTopic
from crossings.similar import staleness, suggestions
from crossings.status import update
from forum.extensions import fragments, search_terms
from forum.extensions.fragments import PageParts
from forum.models import Topic
from forum.models.topic import OLD_AFTER, has_expert_answer
from forum.permissions import PostFacts
from pagecache.prepared import MARK, Statement, statement

SHOWN = 5


class Row(NamedTuple):
    """One line of the table: what is shown of it, and nothing else."""

    pk: int
    title: str
    slug: str
    reason: str
    posts_count: int
    answers_count: int
    has_expert_answer: bool
    last_post_at: datetime
    last_post_id: int | None
    last_author: str | None

    @property
    def replies_count(self) -> int:
        return max(self.posts_count - 1, 0)

    @property
    def reason_in_words(self) -> str:
        return str(SimilarTopic.Reason(self.reason).label)


def register() -> None:
    fragments.register_page(of_page)
    fragments.register_panel(suggestions.in_composer)
    search_terms.register(query_expansion.other_queries)
    search_terms.register_leader(query_expansion.leads)


def of_page(reader: Reader, topic: Topic, rows: Sequence[PostFacts]) -> PageParts:
    """The stored table of a topic, as far as the user may read what it lists. One statement."""
    today, stale, found = update.today(), set(), []
    for *shown, accepted, about in _question(reader, today).rows(topic.pk):
        row = Row._make(shown)
        found.append(row)
        if _may_be_out_of_date(row, accepted, about, today):
            stale.add(row.pk)
    if not found:
        return PageParts()
    key = (tuple(found), tuple(stale))
    return PageParts(below=[{"template": "crossings/_similar_topics.html", "rows": found, "stale": stale, "key": key}])


def _may_be_out_of_date(row: Row, accepted: Sequence[str], about: Sequence[str], today: date) -> bool:
    """None of its answers holds any more; without an answer, nobody has written there for a year."""
    if accepted:
        return staleness.may_be_out_of_date(accepted, about, today)
    return row.last_post_at < timezone.now() - OLD_AFTER


def _question(reader: Reader, today: date) -> Statement:
    shared = reader.shared()
    return statement(("similar topics", shared, today), lambda: _listed(shared, today))


def _listed(reader: Reader, today: date):
    """Nobody is shown what is hidden or held, its author neither: so it is the same for all who may read the same."""
    topics = Topic.objects.visible_to(reader).readable().filter(similar_to__topic=MARK)
    topics = topics.annotate(by_expert=has_expert_answer()).order_by("similar_to__rank")
    return topics.annotate(**staleness.columns(today)).values_list(
        "pk", "title", "slug", "similar_to__reason", "posts_count", "answers_count", "by_expert", "last_post_at",
        "last_post", "last_post__author__username", "accepted", "about",
    )[:SHOWN]  # fmt: skip
