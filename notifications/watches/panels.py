"""What pages show of watching: the menu at their head, the form of a crossing, the crossings on the home page."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.readers import Reader
from crossings.models import Country, Crossing
from crossings.status.update import today
from forum.extensions.fragments import HomeParts, MemberParts, Part
from forum.extensions.menu import Sign
from notifications.forms import WatchForm
from notifications.models import Watch
from notifications.models.watch import Target
from notifications.permissions import can_watch
from notifications.watches.level_menu import LevelMenu
from notifications.watches.targets import kind_of, name_of
from notifications.watches.watched_crossings import watched_by
from pagecache.prepared import MARK, statement, text_mark


def of_member_menu(user: User) -> list[Sign]:
    return [Sign("watches", reverse("notifications:watches"), "Watches", icon="watch")]


def of_head(reader: Reader, target: Target) -> list[Part]:
    """Of a topic, subforum or country. For visitors, whose page is cached, a link that leads to sign-in."""
    if not can_watch(reader, target):
        return []
    menu = menu_of(reader.pk, target)
    name = "_watch_link" if reader.pk is None else "_level_menu"
    return [{"template": f"notifications/{name}.html", "menu": menu, "key": menu}]


def of_member(reader: Reader, member: User) -> MemberParts:
    return MemberParts(acts=of_head(reader, member))


def menu_of(user_pk: int | None, target: Target) -> LevelMenu:
    """The menu with the member's level, by one query; for visitors without."""
    level = _level(user_pk, target) if user_pk else ""
    return LevelMenu(kind_of(target), str(target.pk).lower(), name_of(target), level)


def _level(user_pk: int, target: Target) -> str:
    kind = kind_of(target)
    mark = text_mark(1) if isinstance(target, Country) else MARK + 1
    watches = statement(
        ("level", kind), lambda: Watch.objects.standing().filter(user=MARK, **{kind: mark}).values_list("level")
    )
    rows = watches.rows(user_pk, target.pk)
    return rows[0][0] if rows else ""


def of_crossing(user: User, crossing: Crossing) -> dict[str, Any]:
    """For members their watch, or its form; for visitors, whose page is cached, a link."""
    part: dict[str, Any] = {"template": "notifications/_watch.html", "crossing": crossing}
    if user.is_authenticated:
        watch = Watch.objects.filter(user=user, crossing=crossing).first()
        part |= {"watch": watch, "form": WatchForm(crossing=crossing, initial=plan_of(watch))}
    return part


def plan_of(watch: Watch | None) -> dict[str, Any]:
    if watch is None:
        return {"level": Watch.Level.WATCHING}
    return {"level": watch.level, "travel_on": watch.travel_on, "direction": watch.direction}


def of_home(reader: Reader) -> HomeParts:
    """A member's own crossings; nothing for visitors, whose page is kept, and for members who watch none."""
    if reader.pk is None:
        return HomeParts()
    rows = watched_by(reader.pk, today())
    if not rows:
        return HomeParts()
    return HomeParts(own=[{"template": "notifications/_your_crossings.html", "rows": rows, "key": rows}])
