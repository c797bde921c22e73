"""The experts of a country, with what their badges rest on; and all experts by country. As every visitor may see it."""

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FETCH_RAISE, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import ExpertBadge, User
from accounts.models.badge import ExpertBadgeQuerySet
from accounts.readers import VISITOR
from crossings.models import Country, Crossing, CrossingReport
from forum import markup
from forum.models import Answer, Post
from forum.pages import keyset
from forum.pages.profile_fields import html_of, may_see
from forum.pages.values import UserRow
from pagecache.exists_by_row import exists_by_row
from pagecache.prepared import Statement, kept_statement

EXPERTS_SHOWN = 30
EXPERTS_NAMED = 20  # of each country where all countries are listed


class ExpertRow(NamedTuple):
    """An expert of a country; the numbers are of what they wrote about its crossings."""

    user: UserRow
    bio: str
    titles: tuple[str, ...]  # of those awake
    # None while a badge for the country is awake.
    asleep_at: datetime | None
    # What the staff said of the badge.
    reason: str
    accepted_count: int
    still_true_count: int
    reports_count: int
    answered_at: datetime | None


class ExpertsPage(NamedTuple):
    """Some experts of a country, and after whom the next page begins (0: this is the last)."""

    awake: list[ExpertRow]
    asleep: list[ExpertRow]
    after: int


def experts_of(country: Country, after: int | None = None) -> ExpertsPage:
    """The experts behind the member with the primary key `after`: those awake, and apart from them those asleep, by who
    wrote last about its crossings. One query."""
    members = _with_figures(_members(_badges(country.pk)), country).fetch_mode(FETCH_RAISE)
    listed, has_more = keyset.page_of(members.filter(pk__gt=after or 0).order_by("pk"), EXPERTS_SHOWN)
    rows = sorted((_row(user) for user in listed), key=_last_first)
    return ExpertsPage(
        awake=[row for row in rows if row.asleep_at is None],
        asleep=[row for row in rows if row.asleep_at is not None],
        after=listed[-1].pk if has_more else 0,
    )


def _last_first(row: ExpertRow) -> tuple[float, str]:
    return (-row.answered_at.timestamp() if row.answered_at else 0.0, row.user.username)


def _row(user: Any) -> ExpertRow:
    """Of a member with annotations."""
    figures = user.figures or {"accepted_count": 0, "still_true_count": 0, "answered_at": None}
    return ExpertRow(
        user=UserRow(user.pk, user.username),
        bio=markup.words_of(html_of(user, "bio")) if may_see(VISITOR, user, "bio") else "",
        titles=tuple(user.titles),
        asleep_at=None if user.titles else user.slept_last,
        reason=user.reason,
        accepted_count=figures["accepted_count"],
        still_true_count=figures["still_true_count"],
        reports_count=user.reports_count,
        answered_at=figures["answered_at"] and datetime.fromisoformat(figures["answered_at"]),
    )


def _badges(code: str) -> ExpertBadgeQuerySet:
    return ExpertBadge.objects.standing().filter(countries__contains=[code])


def _members(badges: ExpertBadgeQuerySet) -> QuerySet[User]:
    mine = badges.filter(user=OuterRef("pk"))
    return (
        User.objects.listed()
        .filter(Exists(mine))
        .annotate(
            titles=ArraySubquery(mine.awake().order_by("given_at").values("title")),
            reason=Subquery(mine.order_by("-given_at").values("reason")[:1]),
            slept_last=Subquery(mine.asleep().order_by("-asleep_at").values("asleep_at")[:1]),
        )
    )


def _with_figures(members: QuerySet[User], country: Country) -> QuerySet[User]:
    """As JSON, so that the posts of each member are gone through once."""
    posts = Post.objects.readable_by_all().filter(author=OuterRef("pk"), topic__countries__contains=[country.pk])
    accepted = Q(exists_by_row(Answer.objects.standing().filter(post=OuterRef("pk"))))
    there = Crossing.objects.of_country(country.pk).order_by()
    reports = CrossingReport.objects.readable_by_all().filter(post__author=OuterRef("pk"), crossing__in=there)
    figures = JSONObject(
        accepted_count=Count("pk", filter=accepted),
        still_true_count=Coalesce(Sum("still_true_count", filter=accepted), 0),
        answered_at=Max("written_at"),
    )
    return members.annotate(
        figures=Subquery(posts.order_by().values("author").annotate(told=figures).values("told")),
        reports_count=Coalesce(
            Subquery(reports.order_by().values("post__author").annotate(count=Count("pk")).values("count")), 0
        ),
    )


class Known(NamedTuple):
    """A country or a subject with its first experts, and how many more there are."""

    name: str
    country: Country | None
    experts: list[UserRow]
    more: int


def all_experts() -> list[Known]:
    """Those awake, by the name of the country, and after them by subjects that are no country: two queries."""
    experts: dict[tuple[str, str], list[UserRow]] = defaultdict(list)
    totals: dict[tuple[str, str], int] = {}
    first = kept_statement(("experts by country", EXPERTS_NAMED), _first_of_each)
    for code, subject, pk, username, total in first.rows():
        experts[code, subject].append(UserRow(pk, username))
        totals[code, subject] = total
    codes = [code for code, _ in experts if code]
    countries = Country.objects.defer("article", "article_html").filter(pk__in=codes).order_by("name")
    keys: list[tuple[str, Country | None, tuple[str, str]]]
    keys = [(country.name, country, (country.pk, "")) for country in countries]
    keys += [(subject, None, ("", subject)) for subject in sorted(subject for _, subject in experts if subject)]
    return [Known(name, country, experts[key], totals[key] - len(experts[key])) for name, country, key in keys]


def _first_of_each() -> Statement:
    badges = ExpertBadge.objects.awake().filter(user__in=User.objects.listed())
    columns = badges.order_by().values_list(
        "countries", "subject", "user_id", "user__username", "user__username_skeleton"
    )
    sql, params = columns.query.sql_with_params()
    return Statement(badges, compiled=(_FIRST_OF_EACH.format(badges=sql), (*params, EXPERTS_NAMED)))


_FIRST_OF_EACH = """
    WITH badge (countries, subject, user_id, username, skeleton) AS ({badges}),
    spoken_for AS (
        SELECT code::text AS code, '' AS subject, user_id, username, skeleton FROM badge, unnest(countries) AS code
        UNION
        SELECT '', subject, user_id, username, skeleton FROM badge WHERE countries = '{{}}' AND subject <> ''
    ),
    placed AS (
        SELECT *, row_number() OVER each_one AS place, count(*) OVER (PARTITION BY code, subject) AS total
        FROM spoken_for WINDOW each_one AS (PARTITION BY code, subject ORDER BY skeleton, user_id)
    )
    SELECT code, subject, user_id, username, total FROM placed WHERE place <= %s ORDER BY code, subject, place
"""
