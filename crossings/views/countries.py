"""Pages of countries: all of them, and each with its article, crossings, topics and experts."""

from collections import Counter, defaultdict
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import FETCH_RAISE, BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from accounts.models import ExpertBadge
from accounts.readers import Reader, reader_of
from crossings.maps import panels
from crossings.models import Country, Crossing, CrossingTopic, Status
from crossings.models.country import address_of_country
from crossings.models.crossing import CrossingQuerySet
from crossings.overview.list_rows import html_of_country
from crossings.status.stamp import COLOURS, MARKS
from crossings.status.update import today
from forum import markup
from forum.extensions import fragments
from forum.models import Topic
from forum.models.topic import TopicQuerySet
from forum.pages import respond, topic_list
from forum.views.topic_lists import page_number, rows_of
from pagecache import fragment_cache
from pagecache.prepared import statement, text_mark
from pagecache.prepared_models import Answer, answer, fingerprint
from pagecache.versions import keepable

TOPICS_SHOWN = 20
EXPERTS_SHOWN = 30


class CountryRow(NamedTuple):
    """A country of the overview; of its crossings, how many show each status, with its colour and symbol."""

    code: str
    name: str
    article_as_of: date | None
    crossings_count: int
    statuses: tuple[tuple[Status, str, str, int], ...]

    def get_absolute_url(self) -> str:
        return address_of_country(self.code)


@keepable("countries")
def countries(request):
    """Every country, with how many of its crossings are open, restricted, closed."""
    rows = _rows(today())
    return respond.answer(
        request,
        reader_of(request),
        "crossings/countries.html",
        {"countries": fragment_cache.rendered_rows("crossings/_country_row.html", rows)},
        nav="crossings",
        has_countries=bool(rows),
        canonical=request.path,
        og_title="Countries",
    )


def _rows(day: date) -> list[CountryRow]:
    """The countries in the order of their names: two queries."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for *codes, status in statement(("statuses by country", day), lambda: _statuses(day)).rows():
        for code in codes:
            counts[code][status] += 1
    return [
        CountryRow(code, name, as_of, counts[code].total(), _by_status(counts[code]))
        for code, name, as_of in statement("countries of the overview", _names).rows()
    ]


def _statuses(day: date) -> QuerySet:
    crossings = Crossing.objects.with_status(day).order_by()
    columns = ("country_a_id", "country_b_id", "shown_status")
    return crossings.values_list(*columns)


def _names() -> QuerySet:
    return Country.objects.order_by("name").values_list("code", "name", "article_as_of")


@keepable("country", "code")
def country(request, code: str):
    itself = _answer_of(code)
    found = itself.instances[0]
    if code != code.lower():
        return redirect(found, permanent=True)
    page, reader = page_number(request), reader_of(request)
    topics, has_more = topic_list.often_asked(reader, "topics of a country", _topics, page, found.pk, size=TOPICS_SHOWN)
    day = today()
    crossings = _crossings(found, day) if page == 1 else None
    drawn = panels.of_country(found, crossings, day) if crossings else panels.NONE
    badges = answer("badges of a country", _badges, found.pk) if page == 1 else None
    context = {
        "country": found,
        "head": fragments.html_of_head(reader, found),
        # Fragments show these, kept by the rows; they are made where such a fragment is not kept.
        "seen": fingerprint(itself.rows, crossings and crossings.rows, badges and badges.rows, day),
        "neighbours": SimpleLazyObject(lambda: _neighbours(found, crossings.instances if crossings else [], day)),
        "experts": SimpleLazyObject(lambda: _experts(badges.instances if badges else [])),
        "has_crossings": bool(crossings),
        "has_experts": bool(badges),
        "maps": drawn.html,
        "topics": rows_of(reader, topics, page),
        "page": page,
        "more": f"{found.get_absolute_url()}?page={page + 1}" if has_more else "",
        "canonical": found.get_absolute_url() + ("" if page == 1 else f"?page={page}"),
        "og_title": found.name,
        "og_description": markup.words_of(found.article_html),
        "is_empty": not (found.article or crossings),
        "feed": {
            "title": f"Reports of crossings of {found.name}",
            "url": reverse("crossings:country-feed", args=[found.code.lower()]),
        },
        "nav": "crossings",
    }
    return panels.respond(render(request, "crossings/country.html", context), drawn)


def find_country(code: str) -> Country:
    return _answer_of(code).instances[0]


def _answer_of(code: str) -> Answer[Country]:
    """Raises Http404 where there is none."""
    found = answer("country", lambda: Country.objects.filter(pk=text_mark(0)), code.upper()) if len(code) == 2 else None
    if not found:
        raise Http404
    return found


def _by_status(counted: Counter[str]) -> tuple[tuple[Status, str, str, int], ...]:
    return tuple((status, COLOURS[status], MARKS[status], counted[status]) for status in Status if counted[status])


def _crossings(country: Country, day: date) -> Answer[Crossing]:
    return answer(("crossings of a country", day), lambda: _of_country(day), country.pk)


def _neighbours(country: Country, crossings: list[Crossing], day: date) -> list[tuple[Country, SafeString]]:
    """The rows of the country's crossings by the country on their other side, both in the order of their names."""
    beyond = [(_other_side(crossing, country), crossing) for crossing in crossings]
    beyond.sort(key=lambda pair: (pair[0].name, pair[1].name))
    return [
        (neighbour, html_of_country((crossing for _, crossing in pairs), day))
        for neighbour, pairs in groupby(beyond, key=lambda pair: pair[0])
    ]


def _of_country(day: date) -> CrossingQuerySet:
    """Without the version, which changes when nothing of what is shown did."""
    crossings = Crossing.objects.with_status(day).with_countries().of_country(text_mark(0))
    return crossings.defer("version").fetch_mode(FETCH_RAISE)


def _other_side(crossing: Crossing, country: Country) -> Country:
    return crossing.country_b if crossing.country_a_id == country.pk else crossing.country_a


def _topics(reader: Reader) -> TopicQuerySet:
    links = CrossingTopic.objects.standing().of_country(text_mark(0))
    return Topic.objects.visible_to(reader).filter(pk__in=links.values("topic")).latest_first()


def _experts(badges: list[ExpertBadge]) -> list[dict]:
    """Members whose awake badges name the country, each with the titles of those badges."""
    experts: dict[int, dict] = {}
    for badge in badges:
        experts.setdefault(badge.user_id, {"user": badge.user, "titles": []})["titles"].append(badge.title)
    return list(experts.values())


def _badges() -> QuerySet[ExpertBadge]:
    badges = ExpertBadge.objects.awake().filter(_FOR_COUNTRY, user__is_active=True).select_related("user")
    return badges.order_by("given_at", "pk").fetch_mode(FETCH_RAISE)[:EXPERTS_SHOWN]


_FOR_COUNTRY = RawSQL("accounts_expertbadge.countries @> ARRAY[%s]::varchar[]", [text_mark(0)], BooleanField())
