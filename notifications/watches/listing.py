"""All that a member watches, by kind; only what they may read now."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import FETCH_RAISE, F, QuerySet

from accounts.models import User
from crossings.models import Crossing
from crossings.status.update import today
from notifications.models import Watch
from notifications.watches.level_menu import LevelMenu
from notifications.watches.targets import kind_of, name_of

SHOWN = 50
# Lists that have pages, each beginning below the last watch of the one before. There are only so many of the others.
PAGED = ("topic", "member")


class WatchRow(NamedTuple):
    """A watch, and the menu that changes its level."""

    watch: Watch
    menu: LevelMenu


class WatchList(NamedTuple):
    """The rows of a kind, and the `before` of its next page, if there is one."""

    rows: Sequence[WatchRow]
    more: int | None = None


def all_of(user: User) -> dict[str, WatchList]:
    """The beginning of each list, by kind. One query a kind, and one for the status of crossings."""
    return {kind: list_of(user, kind) for kind in ("crossing", "topic", "subforum", "country", "member")}


def list_of(user: User, kind: str, before: int | None = None) -> WatchList:
    """The user's watches of a kind, the newest first where there are pages."""
    watches = Watch.objects.readable_by(user).filter(**{f"{kind}__isnull": False}).select_related(kind)
    watches = watches.fetch_mode(FETCH_RAISE)
    if kind not in PAGED:
        name = F("subforum__position") if kind == "subforum" else F(f"{kind}__name")
        rows = list(watches.order_by(name, "pk"))
        return WatchList(_rows(_with_status(rows) if kind == "crossing" else rows))
    found = list(_before(watches, before)[: SHOWN + 1])
    return WatchList(_rows(found[:SHOWN]), found[SHOWN - 1].pk if len(found) > SHOWN else None)


def _before(watches: QuerySet[Watch], before: int | None) -> QuerySet[Watch]:
    return (watches.filter(pk__lt=before) if before else watches).order_by("-pk")


def _with_status(watches: list[Watch]) -> list[Watch]:
    """With the crossings as they are shown today, and their countries."""
    crossings = Crossing.objects.with_countries().with_status(today())
    by_id = crossings.in_bulk([watch.crossing_id for watch in watches])
    for watch in watches:
        watch.crossing = by_id[watch.crossing_id]
    return watches


def _rows(watches: Sequence[Watch]) -> list[WatchRow]:
    return [WatchRow(watch, _menu(watch)) for watch in watches]


def _menu(watch: Watch) -> LevelMenu:
    target = watch.target
    return LevelMenu(kind_of(target), str(target.pk).lower(), name_of(target), watch.level)
