"""The experts of a country, with what their badges rest on; and all experts by country. As every visitor may see it."""

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FETCH_RAISE, Count, Exists, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import ExpertBadge, User
from accounts.models.badge import ExpertBadgeQuerySet
from accounts.readers import VISITOR
from crossings.models import Country, Crossing, CrossingReport, CrossingTopic
from forum import markup
from forum.models import Answer, Post
from forum.pages import keyset
from forum.pages.profile_fields import html_of, may_see
from forum.pages.values import UserRow

EXPERTS_SHOWN = 30
BADGES_SHOWN = 1_000


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
    return ExpertRow(
        user=UserRow(user.pk, user.username),
        bio=markup.words_of(html_of(user, "bio")) if may_see(VISITOR, user, "bio") else "",
        titles=tuple(user.titles),
        asleep_at=None if user.titles else user.slept_last,
        reason=user.reason,
        accepted_count=user.accepted_count,
        still_true_count=user.still_true_count,
        reports_count=user.reports_count,
        answered_at=user.answered_at,
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
    topics = CrossingTopic.objects.standing().of_country(country.pk).values("topic")
    posts = Post.objects.readable_by_all().filter(author=OuterRef("pk"), topic__in=topics)
    accepted = posts.filter(Exists(Answer.objects.standing().filter(post=OuterRef("pk"))))
    there = Crossing.objects.of_country(country.pk).order_by()
    reports = CrossingReport.objects.readable_by_all().filter(post__author=OuterRef("pk"), crossing__in=there)
    return members.annotate(
        accepted_count=_one(accepted, Count("pk")),
        still_true_count=_one(accepted, Sum("still_true_count")),
        reports_count=_one(reports, Count("pk")),
        answered_at=Subquery(posts.order_by().values("author").annotate(value=Max("written_at")).values("value")),
    )


def _one(rows: QuerySet, figure: Count | Sum) -> Coalesce:
    """A figure of the rows of one member, 0 if there are none."""
    author = "author" if rows.model is Post else "post__author"
    return Coalesce(Subquery(rows.order_by().values(author).annotate(value=figure).values("value")), 0)


class Known(NamedTuple):
    """A country or a subject with its experts."""

    name: str
    country: Country | None
    experts: list[UserRow]


def all_experts() -> list[Known]:
    """Those awake, by the name of the country, and after them by subjects that are no country: two queries."""
    badges = ExpertBadge.objects.awake().filter(user__in=User.objects.listed())
    by_country: dict[str, dict[int, UserRow]] = defaultdict(dict)
    by_subject: dict[str, dict[int, UserRow]] = defaultdict(dict)
    shown = badges.select_related("user").order_by("user__username_skeleton").fetch_mode(FETCH_RAISE)
    for badge in shown[:BADGES_SHOWN]:
        user = UserRow(badge.user_id, badge.user.username)
        for code in badge.countries:
            by_country[code][user.pk] = user
        if badge.subject and not badge.countries:
            by_subject[badge.subject][user.pk] = user
    countries = Country.objects.defer("article", "article_html").filter(pk__in=by_country).order_by("name")
    found = [Known(country.name, country, list(by_country[country.pk].values())) for country in countries]
    return found + [Known(subject, None, list(by_subject[subject].values())) for subject in sorted(by_subject)]
