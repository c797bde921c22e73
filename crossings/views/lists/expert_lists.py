"""Pages of experts: all by country, and those of one country with what their badges rest on."""

from django.shortcuts import redirect, render
from django.urls import reverse

from crossings.experts.by_country import all_experts, experts_of
from crossings.views.countries import find_country
from pagecache.versions import keepable


@keepable("countries")
def experts(request):
    context = {"known": all_experts(), "canonical": request.path, "og_title": "Experts", "nav": "crossings"}
    return render(request, "crossings/experts.html", context)


@keepable("country", "code")
def country_experts(request, code: str):
    found = find_country(code)
    path = reverse("crossings:country-experts", args=[found.code.lower()])
    if code != code.lower():
        return redirect(path, permanent=True)
    rows = experts_of(found)
    groups = [
        ("Answered in the past year", [row for row in rows if not row.is_quiet]),
        ("Quiet for longer", [row for row in rows if row.is_quiet]),
    ]
    context = {
        "country": found,
        "groups": [(title, listed) for title, listed in groups if listed],
        "canonical": path if rows else "",
        "og_title": f"Experts for {found.name}",
        "nav": "crossings",
    }
    return render(request, "crossings/country_experts.html", context)
