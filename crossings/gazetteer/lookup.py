"""Finding crossings by what somebody typed for one."""

from django.db.models import Q

from crossings.gazetteer import matcher, spelling
from crossings.models import Crossing, CrossingName

MOST_FOUND = 12


def crossing_named(typed: str) -> Crossing | None:
    """The one crossing that has this name, in any spelling or a misspelling of it; None if none or several."""
    typed = spelling.storable(typed)
    found = list(Crossing.objects.filter(names__text__iexact=" ".join(typed.split())).distinct()[:2])
    if not found:
        return matcher.match(typed)
    return found[0] if len(found) == 1 else None


def crossings_like(typed: str, crossings):
    """Crossings one of whose names, towns or countries holds the words that were typed; best-known first.

    If none does, the one that is meant by a misspelt name.
    """
    typed = spelling.storable(typed)
    found = _holding(typed, crossings)
    meant = None if found else matcher.match(typed)
    return crossings.filter(pk=meant.pk) if meant else found


def _holding(typed: str, crossings):
    words = typed.split()[:6]
    named = CrossingName.objects.all()
    for word in words:
        named = named.filter(
            Q(text__icontains=word)
            | Q(crossing__country_a__name__icontains=word)
            | Q(crossing__country_b__name__icontains=word)
            | Q(crossing__towns__icontains=word)
        )
    return crossings.filter(pk__in=named.values("crossing")).order_by("-reports_count", "name")[:MOST_FOUND]
