"""The experts of a country, with what their badges rest on; and all experts by country. As every visitor may see it."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FETCH_RAISE, Count, Exists, F, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import ExpertBadge, User
from crossings.models import Country, Crossing, CrossingReport, CrossingTopic
from forum.models import Answer, Post
from forum.pages.values import UserRow

EXPERTS_SHOWN = 30
BADGES_SHOWN = 1_000
QUIET_AFTER = timedelta(days=365)


class ExpertRow(NamedTuple):
    """An expert of a country; the numbers are of what they wrote about its crossings."""

    user: UserRow
    bio: str
    titles: tuple[str, ...]
    accepted_count: int
    still_true_count: int
    reports_count: int
    answered_at: datetime | None

    @property
    def is_quiet(self) -> bool:
        """Whether they have written nothing about the country for a year."""
        return self.answered_at is None or timezone.now() - self.answered_at > QUIET_AFTER


def experts_of(country: Country) -> list[ExpertRow]:
    """Ordered by who wrote last about its crossings. One query."""
    members = _with_figures(_members(_badges(country.pk)), country).fetch_mode(FETCH_RAISE)
    return [_row(user) for user in members[:EXPERTS_SHOWN]]


def _row(user: Any) -> ExpertRow:
    """Of a member with annotations."""
    return ExpertRow(
        user=UserRow(user.pk, user.username),
        bio=user.bio,
        titles=tuple(user.titles),
        accepted_count=user.accepted_count,
        still_true_count=user.still_true_count,
        reports_count=user.reports_count,
        answered_at=user.answered_at,
    )


def _badges(code: str) -> QuerySet[ExpertBadge]:
    return ExpertBadge.objects.standing().filter(countries__contains=[code])


def _members(badges: QuerySet[ExpertBadge]) -> QuerySet[User]:
    mine = badges.filter(user=OuterRef("pk"))
    return (
        User.objects.listed()
        .filter(Exists(mine))
        .annotate(titles=ArraySubquery(mine.order_by("given_at").values("title")))
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
    ).order_by(F("answered_at").desc(nulls_last=True), "username_skeleton")


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
    """By the name of the country, and after them by subjects that are no country: two queries."""
    badges = ExpertBadge.objects.standing().filter(user__in=User.objects.listed())
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
