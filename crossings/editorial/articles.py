"""The articles of countries, in Markdown. What each said before is kept, with who changed it, when and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from crossings.models import ArticleRevision, Country
from crossings.permissions import can_edit_country
from forum import markup
from forum.actions.rerender import Lifted, lifted
from forum.permissions import NotAllowed
from pagecache.versions import bump


@dataclass
class EditedMeanwhile(Exception):
    """Somebody else changed the article since the form was opened; `country` carries it as it is now."""

    country: Country


@transaction.atomic
def edit_article(
    user: User, country: Country, *, article: str, as_of: date | None, reason: str, based_on: int
) -> Country:
    """Change a country's article. The same text and month again change nothing.

    `based_on` is the `article_number` that the editor began with. Raises NotAllowed, EditedMeanwhile, and what
    forum.markup raises.
    """
    country = Country.objects.select_for_update(no_key=True).get(pk=country.pk)
    if not can_edit_country(user, country):
        raise NotAllowed
    if (country.article, country.article_as_of) == (article, as_of):
        return country
    if country.article_number != based_on:
        raise EditedMeanwhile(country)
    ArticleRevision.objects.create(
        country=country,
        number=country.article_number + 1,
        article=country.article,
        as_of=country.article_as_of,
        edited_by=user,
        edited_at=timezone.now(),
        reason=reason,
    )
    bump(
        Country,
        country.pk,
        article=article,
        article_html=markup.to_html(article),
        markup_version=markup.MARKUP_VERSION,
        article_as_of=as_of,
        article_number=F("article_number") + 1,
    )
    country.refresh_from_db()
    return country


@transaction.atomic
def restore_article(user: User, revision: ArticleRevision) -> Country:
    """Bring back what an article said before, as one more edit. Twice changes nothing. Raises as edit_article does."""
    country = Country.objects.select_for_update(no_key=True).get(pk=revision.country_id)
    return edit_article(
        user,
        country,
        article=revision.article,
        as_of=revision.as_of,
        reason=f"Version {revision.number} restored",
        based_on=country.article_number,
    )


def outdated() -> QuerySet[Country]:
    """Countries whose article an older markup made."""
    return Country.objects.exclude(article="").filter(markup_version__lt=markup.MARKUP_VERSION)


def rerender() -> Iterator[Lifted]:
    """Lift articles to the present markup, each in a transaction of its own."""
    for code in outdated().order_by("pk").values_list("pk", flat=True):
        yield lifted(f"The article on {code}", partial(_render_anew, code))


@transaction.atomic
def _render_anew(code: str) -> None:
    country = Country.objects.select_for_update(no_key=True).get(pk=code)
    bump(Country, code, article_html=markup.to_html(country.article), markup_version=markup.MARKUP_VERSION)
