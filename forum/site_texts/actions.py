"""Saving the texts of the site, each as a new version."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts import site_info
from accounts.models import SiteText, User
from forum import markup
from forum.actions.rerender import Lifted, lifted
from forum.permissions import NotAllowed, can_administer
from pagecache.prepared import run


@dataclass
class SiteTextChanged(Exception):
    """Edit conflict: somebody else saved a newer version since the form was opened; `current` is that one."""

    current: SiteText


@transaction.atomic
def save_text(
    user: User,
    kind: str,
    *,
    source: str,
    tone: str = "",
    until: date | None = None,
    based_on: int | None = None,
) -> SiteText | None:
    """Save a new version of a text, and return it; empty takes the text away. Idempotent: the same text saves nothing.

    `based_on` is the number of the version that the form was opened with, 0 for none; None skips the check. Returns
    None where there is no text, and none is given. Raises NotAllowed, SiteTextChanged, and ValidationError from
    forum.markup.
    """
    if not can_administer(user):
        raise NotAllowed
    # An advisory lock, because before the first version there is no row to lock.
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"site text {kind}"], writes=SiteText)
    current = SiteText.objects.of(kind).first()
    if _says(current) == (source, tone, until):
        return current
    if based_on is not None and current is not None and current.number != based_on:
        raise SiteTextChanged(current)
    transaction.on_commit(site_info.look_again)
    return SiteText.objects.create(
        kind=kind,
        number=current.number + 1 if current else 1,
        source=source,
        tone=tone,
        until=until,
        set_by=user,
        set_at=timezone.now(),
        **_rendered(kind, source),
    )


def outdated() -> QuerySet[SiteText]:
    """Current texts whose HTML is of an older MARKUP_VERSION."""
    current = SiteText.objects.filter(pk__in=SiteText.objects.current().values("pk"))
    return current.exclude(html="").filter(markup_version__lt=markup.MARKUP_VERSION)


def rerender() -> Iterator[Lifted]:
    for text in outdated().order_by("pk"):
        yield lifted(str(text), partial(_render_again, text))


def _render_again(text: SiteText) -> None:
    SiteText.objects.filter(pk=text.pk).update(version=F("version") + 1, **_rendered(text.kind, text.source))


def _says(text: SiteText | None) -> tuple:
    return (text.source, text.tone, text.until) if text else ("", "", None)


def _rendered(kind: str, source: str) -> dict:
    html = "" if kind == SiteText.Kind.NAME or not source else markup.to_html(source)
    return {"html": html, "markup_version": markup.MARKUP_VERSION}
