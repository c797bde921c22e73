"""What a search query means: the crossing it names leads the results, and posts are found under all its names."""

from accounts.models import User
from crossings.gazetteer import matcher, spelling
from crossings.models import Crossing
from crossings.status import update
from forum.extensions.fragments import Part

MOST_NAMES = 24
MOST_LEADS = 3


def other_queries(query: str) -> list[str]:
    """The same query with each other name of the crossing in the place of the one that was typed."""
    found = _named(query)
    if not found:
        return []
    known = matcher.current()
    rest = " ".join(known.words_beside(_plain(query)))
    kept = " ".join(word for word in query.split() if word.startswith("-"))
    return [f'"{_unquoted(name)}" {rest} {kept}'.strip() for name in known.spellings[found[0]][:MOST_NAMES]]


def leads(user: User, query: str) -> list[Part]:
    """The crossings that a query names, with their status."""
    ids, today = _named(query)[:MOST_LEADS], update.today()
    crossings = Crossing.objects.with_status(today).with_countries().in_bulk(ids) if ids else {}
    # The day is part of the cache key: a status may end, and is worded, by the day alone.
    return [
        {
            "template": "crossings/_search_lead.html",
            "crossing": crossings[pk],
            "key": (pk, crossings[pk].version, today),
        }
        for pk in ids
        if pk in crossings
    ]


def _named(query: str) -> list[int]:
    """The crossings a query names: all that are called just so, or the one that it is about."""
    plain = _plain(query)
    known = matcher.current()
    called = known.called(plain)
    if called:
        return called
    about = known.best(plain)
    return [] if about is None else [about]


def _plain(query: str) -> str:
    """The query without what it leaves out; in one with "or" everything may be meant."""
    return " ".join(word for word in query.replace('"', " ").split() if not word.startswith("-"))


def _unquoted(name: str) -> str:
    return " ".join(spelling.fold(name).replace('"', " ").split()) if '"' in name else name
