"""What similar topics add to the forum's pages: the table under a topic."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from accounts.readers import Reader
from crossings.gazetteer import query_expansion
from crossings.models import SimilarTopic
from crossings.similar import search_filters, staleness, suggestions
from crossings.status import update
from forum.extensions import fragments, search_terms
from forum.extensions.fragments import PageParts, Part
from forum.models import Topic
from forum.models.answered_question import has_expert_answer
from forum.models.topic import LOCKED_NOW
from forum.pages.values import TopicRow
from forum.permissions import PostFacts
from pagecache.prepared import MARK, Statement, statement
from pagecache.store import Store

SHOWN = 5
# Of a TopicRow, as far as the table shows it.
_SHOWN = {
    "pk": "pk", "title": "title", "slug": "slug", "posts_count": "posts_count", "answers_count": "answers_count",
    "has_expert_answer": "by_expert", "last_post_at": "last_post_at", "last_post_id": "last_post_id",
    "last_author": "last_post__author__username", "locked_at": "locked_now", "place_locked_at": "subforum__locked_at",
    "is_running": "is_running",
}  # fmt: skip


def register() -> None:
    fragments.register_page(of_page)
    fragments.register_panel(suggestions.in_composer)
    search_terms.register(query_expansion.other_queries)
    search_terms.register_leader(query_expansion.leads)
    for made in search_filters.FILTERS:
        search_terms.register_filter(made)
    search_terms.register_ages(search_filters.AGES)


def of_page(reader: Reader, topic: Topic, rows: Sequence[PostFacts]) -> PageParts:
    """The stored table of a topic, as far as the user may read what it lists. At most one statement.

    It is kept for the topic as it is: what it says of others may be KEPT_SECONDS old, and those that are hidden leave
    it by a task, which raises the topic's version, as on visitors' kept pages.
    """
    below = _kept.get_or_make((topic.stamp, topic.pk, reader.shared()), lambda: _table(reader, topic))
    return PageParts(below=[below] if below else [])


_kept: Store[tuple, Part | None] = Store(max_items=1_000, ttl=settings.KEPT_SECONDS)


def _table(reader: Reader, topic: Topic) -> Part | None:
    today, stale, found = update.today(), set(), []
    for reason, *columns, answers, about in _statement_for(reader, today).rows(topic.pk):
        shown = dict(zip(_SHOWN, columns, strict=True))
        row = TopicRow(**shown)
        found.append((row, str(SimilarTopic.Reason(reason).label)))
        if staleness.topic_may_be_out_of_date(shown["last_post_at"], answers, about, today):
            stale.add(row.pk)
    if not found:
        return None
    key = (tuple(found), tuple(stale))
    return {"template": "crossings/_similar_topics.html", "rows": found, "stale": stale, "key": key}


def _statement_for(reader: Reader, today: date) -> Statement:
    shared = reader.shared()
    return statement(("similar topics", shared, today), lambda: _listed(shared, today))


def _listed(reader: Reader, today: date):
    """Nobody is shown what is hidden or held, its author neither: so it is the same for all who may read the same."""
    topics = Topic.objects.visible_to(reader).readable().filter(similar_to__topic=MARK)
    topics = topics.annotate(by_expert=has_expert_answer(), locked_now=LOCKED_NOW).order_by("similar_to__rank")
    return topics.annotate(**staleness.columns(today)).values_list(
        "similar_to__reason", *_SHOWN.values(), "answers", "about",
    )[:SHOWN]  # fmt: skip
