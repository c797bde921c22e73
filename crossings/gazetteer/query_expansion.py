"""What a search query means: crossings and countries that it names lead the results, and posts are found under all the
names of these crossings, whichever was typed and however it was spelt."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from accounts.models import User
from crossings.gazetteer import matcher, spelling
from crossings.gazetteer.matcher import Gazetteer
from crossings.models import Country, Crossing, Status
from crossings.models.crossing import CrossingQuerySet
from crossings.status import update
from crossings.status.stamp import COLOURS, MARKS
from forum.extensions.fragments import Part
from forum.search.query.clauses import alternatives
from pagecache.prepared import array_of, is_any
from pagecache.prepared_models import instances

MOST_NAMES = 24
MOST_LEADS = 3  # crossings of one query without "or"
MOST_LEADS_IN_ALL = 6
MOST_COUNTRIES = 3
MOST_APART = 3  # words that are also looked for as two


def other_queries(query: str) -> list[str]:
    """The same query with each other name of a crossing or country in the place of the one that was typed; of a query
    with "or", each alternative with the names in it."""
    known = matcher.current()
    return list(dict.fromkeys(other for part in alternatives(query) for other in _others(known, part)))


def _others(known: Gazetteer, query: str) -> Iterator[str]:
    plain = _plain(query)
    kept = " ".join(word for word in query.split() if word.startswith("-"))
    if meant := _meant(known, plain):
        rest = " ".join(known.words_beside(plain))
        names = known.spellings[meant[0]][:MOST_NAMES]
    else:
        names, rest = _of_country(known, plain)
    yield from (f'"{_unquoted(name)}" {rest} {kept}'.strip() for name in names)
    yield from (f"{apart} {kept}".strip() for apart in _apart(known, plain))


def _of_country(known: Gazetteer, plain: str) -> tuple[list[str], str]:
    """The name of the country here, if it was typed otherwise, and the other words."""
    words = spelling.words(plain)
    named = known.country_names.named(plain)
    if len(named) == 1:
        ((code, places),) = named.items()
        name = known.country_words[code][0]
        typed = "".join(words[place] for place in sorted(places))
        if typed != spelling.key(name) and not known.country_names.is_adjective(typed):
            return [name], " ".join(word for place, word in enumerate(words) if place not in places)
    return [], ""


def _apart(known: Gazetteer, plain: str) -> Iterator[str]:
    """The query with the two words of a place that was typed as one: "sarytash" is also "sary tash"."""
    words = plain.split()
    made = 0
    for place, word in enumerate(words):
        apart = known.apart.get(spelling.key(word))
        if apart and made < MOST_APART and len(spelling.words(word)) == 1:
            made += 1
            yield " ".join([f'"{apart}"', *words[:place], *words[place + 1 :]])


# --- What leads the results ---


def leads(user: User, query: str) -> list[Part]:
    """The crossings that a query names, with their status, and the countries."""
    known, today = matcher.current(), update.today()
    parts = [_plain(part) for part in alternatives(query)]
    ids = list(dict.fromkeys(pk for part in parts for pk in _meant(known, part)[:MOST_LEADS]))[:MOST_LEADS_IN_ALL]
    codes = list(dict.fromkeys(code for part in parts for code in known.country_names.named(part)))[:MOST_COUNTRIES]
    return [*_of_crossings(ids, today), *_of_countries(codes, today)]


def _of_crossings(ids: list[int], today: date) -> Iterator[Part]:
    found = instances(("named crossings", today), lambda: _these(today), array_of(ids)) if ids else []
    crossings = {crossing.pk: crossing for crossing in found}
    # The day is part of the cache key: a status may end, and is worded, by the day alone.
    return (
        {
            "template": "crossings/_search_lead.html",
            "crossing": crossings[pk],
            "key": (pk, crossings[pk].version, today),
        }
        for pk in ids
        if pk in crossings
    )


def _these(today: date) -> CrossingQuerySet:
    return Crossing.objects.with_status(today).with_countries().filter(is_any("crossings_crossing.id"))


def _of_countries(codes: list[str], today: date) -> Iterator[Part]:
    if not codes:
        return
    countries = Country.objects.defer("article", "article_html").in_bulk(codes)
    counts = _statuses(codes, today)
    for code in codes:
        if code in countries:
            yield {
                "template": "crossings/_search_country.html",
                "country": countries[code],
                "crossings_count": counts[code].total(),
                "statuses": [
                    (status, COLOURS[status], MARKS[status], counts[code][status])
                    for status in Status
                    if counts[code][status]
                ],
            }


def _statuses(codes: Iterable[str], today: date) -> dict[str, Counter[str]]:
    """How many crossings of each country show each status."""
    beside = Q(country_a__in=codes) | Q(country_b__in=codes)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for crossing in Crossing.objects.with_status(today).filter(beside).only("country_a", "country_b"):
        for code in (crossing.country_a_id, crossing.country_b_id):
            counts[code][crossing.shown_status] += 1
    return counts


# --- What a query names ---


def _meant(known: Gazetteer, plain: str) -> list[int]:
    """The crossings a query names: all that are called just so, or the one that it is about."""
    called = known.called(plain)
    if called:
        return called
    about = known.best(plain)
    return [] if about is None else [about]


def _plain(query: str) -> str:
    """The query without what it leaves out."""
    return " ".join(word for word in query.replace('"', " ").split() if not word.startswith("-"))


def _unquoted(name: str) -> str:
    return " ".join(spelling.fold(name).replace('"', " ").split()) if '"' in name else name
