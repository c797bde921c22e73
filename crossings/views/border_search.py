"""The search field of the home page: to the crossing itself, where its name is clear."""

from django.shortcuts import redirect, render

from crossings.gazetteer import lookup
from crossings.models import Country, Crossing
from crossings.status import update

MAX_LENGTH = 100


def find_crossing(request):
    """One crossing, or one country, is gone to; several are listed; without words all of them are."""
    typed = " ".join(request.GET.get("q", "").split())[:MAX_LENGTH]
    if not typed:
        return redirect("crossings:crossings")
    country = Country.objects.filter(name__iexact=typed).first()
    named = country or lookup.crossing_named(typed)
    if named:
        return redirect(named)
    found = list(lookup.crossings_like(typed, Crossing.objects.with_status(update.today()).with_countries()))
    if len(found) == 1:
        return redirect(found[0])
    return render(request, "crossings/find_crossing.html", {"typed": typed, "found": found, "nav": "crossings"})
