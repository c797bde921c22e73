"""The topics of suggestions, loaded by a prepared statement: composing it by the ORM took longer than ranking them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.readers import Reader, ReaderFacts, as_reader
from forum.models import Post, Subforum, Topic
from forum.models.answered_question import has_expert_answer
from pagecache.prepared import array_of, as_model, columns_of, is_any, statement

_TOPIC = columns_of(Topic)
_SUBFORUM = ["id", "label", "slug"]
_POST = ["id", "number", "author_id"]
_USER = ["id", "username"]
_COLUMNS = [
    *_TOPIC,
    *(f"subforum__{name}" for name in _SUBFORUM),
    *(f"author__{name}" for name in _USER),
    *(f"last_post__{name}" for name in _POST),
    *(f"last_post__author__{name}" for name in _USER),
]


def suggested_topics(reader: ReaderFacts, topic_ids: Iterable[int]) -> dict[int, Topic]:
    """Those of the topics that the reader may read, by primary key; none that is hidden or held, its author neither.

    With `has_expert_answer`, subforum, author and last post, as in topic lists.
    """
    ids = list(topic_ids)
    if not ids:
        return {}
    # The same for all who may read the same, as nobody is suggested what is hidden or held.
    shared = as_reader(reader).shared()
    rows = statement(("suggested topics", shared), lambda: _suggested(shared)).rows(array_of(ids))
    return {row[0]: _topic(list(row)) for row in rows}


def _suggested(reader: Reader) -> QuerySet[Any, tuple]:
    topics = (
        Topic.objects.visible_to(reader)
        .readable()
        .filter(is_any("forum_topic.id"))
        .annotate(by_expert=has_expert_answer())
    )
    return topics.order_by().values_list(*_COLUMNS, "by_expert")


def _topic(values: list) -> Topic:
    def take(model: Any, names: list[str]) -> Any:
        row = as_model(model, names, values[: len(names)])
        del values[: len(names)]
        return row

    topic: Any = take(Topic, _TOPIC)
    topic.subforum, topic.author = take(Subforum, _SUBFORUM), take(User, _USER)
    last: Post = take(Post, _POST)
    last_author = take(User, _USER)
    if last.pk is not None:
        last.author = last_author
        topic.last_post = last
    topic.has_expert_answer = values.pop(0)
    return topic
