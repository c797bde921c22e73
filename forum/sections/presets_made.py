"""Making subforums from the presets (forum/sections/preset_tree.py)."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import User
from forum.actions.rules import set_rules
from forum.models import RulesBanner, Section, Subforum
from forum.permissions import NotAllowed, can_administer
from forum.sections import order
from forum.sections.preset_tree import RULES_OF_THE_FORUM, SECTIONS


class Preset(NamedTuple):
    """A ready subforum, and the subforum that has its slug already, if there is one."""

    section: str
    values: dict[str, Any]
    made: Subforum | None

    @property
    def slug(self) -> str:
        return self.values["slug"]

    @property
    def access(self) -> str:
        return Subforum.Access(self.values.get("access", Subforum.Access.OPEN)).label


def all_presets() -> list[Preset]:
    """All presets in order. One query."""
    made = {subforum.slug: subforum for subforum in Subforum.objects.all()}
    return [Preset(section, values, made.get(values["slug"])) for section, values in _rows()]


@transaction.atomic
def make_presets(user: User, slugs: Collection[str]) -> list[Subforum]:
    """Make the chosen subforums with their sections and rules, and return those that are new.

    Idempotent: what has a preset's slug already stays as it is. Raises NotAllowed.
    """
    if not can_administer(user):
        raise NotAllowed
    order.lock()
    made = []
    taken = set(Subforum.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    for name, values in _rows():
        if values["slug"] in slugs and values["slug"] not in taken:
            made.append(_make(user, _section(name), values))
    return made


@transaction.atomic
def make_rules_of_the_forum(user: User) -> bool:
    """Set the ready rules of the whole forum, if it has none; returns whether it did. Raises NotAllowed."""
    if not can_administer(user):
        raise NotAllowed
    if RulesBanner.objects.filter(subforum=None).exists():
        return False
    set_rules(user, None, **RULES_OF_THE_FORUM)
    return True


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, rows in SECTIONS:
        for values in rows:
            yield name, values


def _section(name: str) -> Section:
    found = Section.objects.filter(name=name).first()
    return found or Section.objects.create(name=name, position=order.next_position(Section.objects.all()))


def _make(user: User, section: Section, values: dict[str, Any]) -> Subforum:
    subforum = Subforum.objects.create(
        section=section,
        position=order.next_position(section.subforums.all()),
        **{name: values[name] for name in ("slug", "name", "description", "icon")},
        short_name=values.get("short_name", ""),
        access=values.get("access", Subforum.Access.OPEN),
        takes_questions=values.get("takes_questions", True),
    )
    set_rules(user, subforum, introduction=values["introduction"], rules=values["rules"])
    return subforum
