"""When topics get vectors, where SIMILAR_BY_MEANING is on. Where it is off, nothing of `meaning` is imported."""

import logging
import threading
from collections.abc import Callable, Sequence

from django.conf import settings

AT_ONCE = 200  # topics in one task, some seconds: letters wait for no more

logger = logging.getLogger(__name__)


def write(topic_ids: Sequence[int]) -> None:
    """Store the vectors of these topics, where they are not stored already."""
    if settings.SIMILAR_BY_MEANING:
        from crossings.similar.meaning import title_vectors

        _if_usable(lambda: title_vectors.write(topic_ids) >= 0)


def write_some() -> bool:
    """Some of those that are missing, such as of an import. Whether none is missing then, or none can be made."""
    if not settings.SIMILAR_BY_MEANING:
        return True
    from crossings.similar.meaning import title_vectors

    return _if_usable(lambda: title_vectors.write_missing(AT_ONCE))


def load_model_soon() -> threading.Thread | None:
    """Load the model beside the first requests of a process, one of which would wait some two seconds for it."""
    if not settings.SIMILAR_BY_MEANING:
        return None
    from crossings.similar.meaning import package

    loading = threading.Thread(target=_if_usable, args=[lambda: bool(package.current())], daemon=True)
    loading.start()
    return loading


def _if_usable(act: Callable[[], bool]) -> bool:
    """Without a usable model there is nothing to try again: `doctor` says it, and the next night looks for the rest."""
    from crossings.similar.meaning import package

    try:
        return act()
    except package.Unusable as error:
        logger.error("Titles are not read by meaning: %s", error)
        return True
