"""The topics about a crossing, as a reader may read them."""

from django.db.models import FETCH_RAISE

from accounts.readers import Reader, ReaderFacts
from crossings.models import Crossing
from forum.models import Topic
from forum.models.topic import TopicQuerySet
from pagecache.prepared import MARK
from pagecache.prepared_models import Answer, answer


def topics_about(crossing_pk: int, user: ReaderFacts) -> TopicQuerySet:
    """With a standing link to the crossing, neither hidden nor held."""
    return (
        Topic.objects.visible_to(user)
        .readable()
        .filter(crossing_links__crossing=crossing_pk, crossing_links__removed_at=None)
    )


def latest(crossing: Crossing, reader: Reader, most: int) -> Answer[Topic]:
    """Those with the newest posts, with the columns of topic lists, by a prepared statement."""
    shared = reader.shared(MARK + 1)
    return answer(
        ("latest topics", shared, most), lambda: _listed(topics_about(MARK, shared), most), crossing.pk, reader.pk
    )


def latest_unanswered(crossing: Crossing, reader: Reader, most: int) -> Answer[Topic]:
    """Of the questions that can still be answered and are not, likewise."""
    shared = reader.shared(MARK + 1)
    key = ("latest unanswered topics", shared, most)
    return answer(key, lambda: _listed(topics_about(MARK, shared).unanswered(), most), crossing.pk, reader.pk)


def _listed(topics: TopicQuerySet, most: int) -> TopicQuerySet:
    """The latest of these. They are chosen first: a plan for any crossing would join all topics of the busiest one."""
    latest = Topic.objects.filter(pk__in=topics.latest_first().values("pk")[:most])
    return latest.latest_first().with_list_columns().fetch_mode(FETCH_RAISE)
