"""When topics get vectors, where SIMILAR_BY_MEANING is on. Where it is off, nothing of `meaning` is imported."""

from collections.abc import Sequence

from django.conf import settings

AT_ONCE = 200  # topics in one task, some seconds: letters wait for no more


def write(topic_ids: Sequence[int]) -> None:
    if settings.SIMILAR_BY_MEANING:
        from crossings.similar.meaning import vectors

        vectors.write(topic_ids)


def write_some() -> bool:
    """Some of those that are missing, such as of an import. Whether none is missing then."""
    if not settings.SIMILAR_BY_MEANING:
        return True
    from crossings.similar.meaning import vectors

    return vectors.write_missing(AT_ONCE)
