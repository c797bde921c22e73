"""The search field of the home page: to the crossing itself, where its name is clear."""

from django.db.models import Q
from django.shortcuts import redirect, render

from accounts.limits.work_limits import costs
from crossings.gazetteer import lookup
from crossings.models import Country, Crossing
from crossings.status import update

MAX_LENGTH = 100
FEW_LETTERS = 3  # of an alphabet: they stand within many words and mean none of them


@costs("search")
def find_crossing(request):
    """One crossing, or one country, is gone to; several are listed; without words all of them are."""
    typed = " ".join(request.GET.get("q", "").split())[:MAX_LENGTH]
    if not typed:
        return redirect("crossings:crossings")
    country = Country.objects.filter(Q(name__iexact=typed) | Q(code__iexact=typed)).first()
    named = country or lookup.crossing_named(typed)
    if named:
        return redirect(named)
    found = list(lookup.crossings_like(typed, Crossing.objects.with_status(update.today()).with_countries()))
    if len(found) == 1 and not _is_a_few_letters(typed):
        return redirect(found[0])
    return render(request, "crossings/find_crossing.html", {"typed": typed, "found": found, "nav": "crossings"})


def _is_a_few_letters(typed: str) -> bool:
    return typed.isascii() and len(typed) <= FEW_LETTERS
