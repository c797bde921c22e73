"""Pages of experts: all by country, and those of one country with what their badges rest on."""

from django.shortcuts import redirect, render
from django.urls import reverse

from crossings.experts.by_country import all_experts, experts_of
from crossings.views.countries import find_country
from forum.pages import keyset
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
    after = keyset.read_pk(request.GET.get("after", ""))
    page = experts_of(found, after)
    groups = [(title, rows) for title, rows in (("Awake", page.awake), ("Asleep", page.asleep)) if rows]
    context = {
        "country": found,
        "groups": groups,
        "next_url": f"{path}?after={page.after}" if page.after else "",
        "canonical": path if groups and after is None else "",
        "og_title": f"Experts for {found.name}",
        "nav": "crossings",
    }
    return render(request, "crossings/country_experts.html", context)
