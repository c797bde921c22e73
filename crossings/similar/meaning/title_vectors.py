"""Vectors of titles, stored by the worker, and how near they are to a question's (SIMILAR_BY_MEANING)."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import batched

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from crossings.models import TopicVector
from crossings.similar.meaning import package
from forum.models import Topic
from pagecache.prepared import run

KEPT_QUESTIONS = 64
CHUNK = 50
STORED_AS = np.dtype("<f2")  # as pgvector's halfvec keeps its numbers

logger = logging.getLogger(__name__)


# --- Stored ---


def write(topic_ids: Iterable[int]) -> int:
    """Store the vectors of these topics, where title or model are others than those stored. Says how many."""
    return sum(_write(chunk) for chunk in batched(topic_ids, CHUNK))


def _write(topic_ids: Sequence[int]) -> int:
    model = package.current()
    stored = {
        pk: bytes(digest)
        for pk, digest in TopicVector.objects.filter(topic__in=topic_ids, model=model.name).values_list("pk", "digest")
    }
    written = 0
    for pk, title in Topic.objects.filter(pk__in=topic_ids).order_by("pk").values_list("pk", "title"):
        digest = hashlib.blake2b(title.encode(), digest_size=8).digest()
        if stored.get(pk) != digest:
            values = {
                "topic": pk, "model": model.name, "digest": digest,
                "vector": model.vector(title).astype(STORED_AS).tobytes(),
            }  # fmt: skip
            run(_WRITE, values, writes=TopicVector)
            written += 1
    return written


# A topic that was erased since gets none.
_WRITE = """
    INSERT INTO crossings_topicvector (topic_id, model, digest, vector)
    SELECT id, %(model)s, %(digest)s, %(vector)s FROM forum_topic WHERE id = %(topic)s
    ON CONFLICT (topic_id) DO UPDATE SET (model, digest, vector) = (excluded.model, excluded.digest, excluded.vector)
"""


def without_vector() -> QuerySet[Topic]:
    """Topics that the present model has not read, the newest first."""
    theirs = TopicVector.objects.filter(topic=OuterRef("pk"), model=package.NAME)
    return Topic.objects.filter(~Exists(theirs)).order_by("-pk")


def write_missing(most: int) -> bool:
    """Store at most so many of the vectors that are missing. Whether none is missing then."""
    ids = list(without_vector().values_list("pk", flat=True)[: most + 1])
    write(ids[:most])
    return len(ids) <= most


# --- Compared ---


def cosines(title: str, topic_ids: Sequence[int]) -> dict[int, float]:
    """How near the titles of these topics are to a title, from -1 to 1. A topic whose vector is still missing counts as
    the mean of the others. Without a usable model all are 0."""
    try:
        asked = _vector_of_question(title)
    except package.Unusable as error:
        logger.error("Similar topics are not put in order by meaning: %s", error)
        return dict.fromkeys(topic_ids, 0.0)
    known = {pk: float(asked @ vector) for pk, vector in _vectors(topic_ids, len(asked)).items()}
    mean = sum(known.values()) / len(known) if known else 0.0
    return {pk: known.get(pk, mean) for pk in topic_ids}


@lru_cache(maxsize=KEPT_QUESTIONS)
def _vector_of_question(title: str) -> np.ndarray:
    return package.current().vector(title)


def _vectors(topic_ids: Sequence[int], size: int) -> dict[int, np.ndarray]:
    rows = run(_READ, {"topics": list(topic_ids), "model": package.NAME}, reads=TopicVector)
    found = {pk: np.frombuffer(vector, STORED_AS).astype(np.float32) for pk, vector in rows}
    return {pk: vector for pk, vector in found.items() if len(vector) == size}


_READ = "SELECT topic_id, vector FROM crossings_topicvector WHERE topic_id = ANY(%(topics)s) AND model = %(model)s"
