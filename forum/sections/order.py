"""The order of sections, and of subforums within their section.

A row is put right before or after another one, not "one up": pressing twice, or pressing a button of a page that is
out of date, does what its reader meant.
"""

from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from forum.models import Section, Subforum
from forum.permissions import CannotBeDone, NotAllowed, can_administer
from pagecache.prepared import run

type Placed = Section | Subforum


@transaction.atomic
def place_section(user: User, section: Section, beside: Section, *, after: bool) -> None:
    """Put a section right before or after another. Idempotent. Raises NotAllowed, CannotBeDone."""
    _begin(user)
    _place(list(Section.objects.order_by("position", "pk")), section, beside, after=after)


@transaction.atomic
def place_subforum(user: User, subforum: Subforum, beside: Subforum, *, after: bool) -> None:
    """Put a subforum right before or after another of its section. Idempotent. Raises NotAllowed, CannotBeDone."""
    _begin(user)
    section = Subforum.objects.filter(pk=subforum.pk).values("section")
    rows = list(Subforum.objects.filter(section__in=section).order_by("position", "pk"))
    _place(rows, subforum, beside, after=after)


def next_position(rows: QuerySet) -> int:
    """The position after all of these rows."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def lock() -> None:
    """One change of the order at a time, until the transaction ends: an advisory lock."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["order of subforums"], writes=Subforum)


def _begin(user: User) -> None:
    if not can_administer(user):
        raise NotAllowed
    lock()


def _place(rows: list, moved: Placed, beside: Placed, *, after: bool) -> None:
    if moved not in rows or beside not in rows:
        raise CannotBeDone("The other one stands in another section now, or is gone. Look at the order again.")
    if moved == beside:
        return
    order = [row for row in rows if row != moved]
    order.insert(order.index(beside) + after, moved)
    for position, row in enumerate(order):
        if row.position != position:
            type(row)._base_manager.filter(pk=row.pk).update(position=position)
