"""The crossings' part of the sitemap."""

from collections.abc import Iterator

from django.urls import reverse

from crossings.models import Country, Crossing


def pages() -> Iterator[tuple[str, None]]:
    """The list, every crossing, and every country that has something to tell."""
    crossings = list(Crossing.objects.order_by("slug").only("slug", "country_a_id", "country_b_id"))
    codes = {code for one in crossings for code in (one.country_a_id, one.country_b_id)}
    yield reverse("crossings:crossings"), None
    yield reverse("crossings:countries"), None
    for country in Country.objects.filter(pk__in=codes).only("code"):
        yield country.get_absolute_url(), None
    for crossing in crossings:
        yield crossing.get_absolute_url(), None
