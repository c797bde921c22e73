"""How one tells that a kept page is still true: by numbers that rise in the transaction of every change.

They are read before the content, so that a page can only be thought older than it is. A page of a topic depends on
the topic's number, a list on its subforum's, and the index on all subforums'; each of them on the site's as well.
"""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

from forum.statements import run


class Question(NamedTuple):
    """Which numbers a page depends on: of a "topic" (by id), a "subforum" (by slug), or the whole "forum"."""

    kind: str
    key: int | str | None = None


class Kept(NamedTuple):
    """What the answer of a view says to whoever may keep it: valid while the question has this answer."""

    question: Question
    stamp: tuple | None


_ASK = {
    "topic": "SELECT (SELECT version FROM forum_siteversion), version FROM forum_topic WHERE id = %s",
    "subforum": "SELECT (SELECT version FROM forum_siteversion), version FROM forum_subforum WHERE slug = %s",
    "forum": "SELECT (SELECT version FROM forum_siteversion), sum(version) FROM forum_subforum",
}


def stamp_of(question: Question) -> tuple | None:
    """The numbers as they are now; None if there is no such thing."""
    rows = run(_ASK[question.kind], None if question.key is None else [question.key])
    return rows[0] if rows else None


def keepable(kind: str, argument: str = "") -> Callable:
    """Marks a view whose answers to visitors may be kept; `argument` names the part of the address it depends on."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request, *args: object, **kwargs: object):
            if not getattr(request, "may_be_kept", False):
                return view(request, *args, **kwargs)
            key = kwargs[argument] if argument else None
            question = Question(kind, key)  # type: ignore[arg-type]
            known = getattr(request, "stamp", None)
            stamp = known.stamp if known and known.question == question else stamp_of(question)
            request.stamp = Kept(question, stamp)
            response = view(request, *args, **kwargs)
            if stamp is not None:
                response.kept = Kept(question, stamp)
            return response

        return answer

    return decorate
