"""The rules for flags and acts on a post: those of its subforum and of the whole forum."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from forum.models import RulesBanner, Subforum

LONGEST_LABEL = 90
_VALUE = re.compile(r"(f?)([1-9][0-9]?)")


class RuleChoice(NamedTuple):
    """A rule as a choice of a form."""

    number: int
    is_forum_rule: bool
    text: str
    version: int = 0

    @property
    def value(self) -> str:
        return value_of(self.number, self.is_forum_rule)

    @property
    def name(self) -> str:
        return f"{'Forum rule' if self.is_forum_rule else 'Rule'} {self.number}"

    @property
    def label(self) -> str:
        return f"{self.name}: {self.text}"[:LONGEST_LABEL]


def value_of(number: int | None, is_forum_rule: bool) -> str:
    """The form value of a rule: "3" of the subforum, "f3" of the whole forum."""
    return f"f{number}" if is_forum_rule else f"{number}"


def said(value: str) -> tuple[int | None, bool]:
    """The inverse of value_of: number, and whether it is of the whole forum. Raises ValueError."""
    if not value:
        return None, False
    found = _VALUE.fullmatch(value)
    if found is None:
        raise ValueError(value)
    return int(found[2]), bool(found[1])


def rules_for(subforum: Subforum | None) -> list[RuleChoice]:
    """Choices by number, the subforum's rules first; without a subforum those of the whole forum."""
    place = subforum.pk if subforum else None
    return of_banners(place, RulesBanner.objects.filter(Q(subforum=place) | Q(subforum=None)))


def of_banners(subforum_id: int | None, banners: Iterable[RulesBanner]) -> list[RuleChoice]:
    """As rules_for, from banners that are loaded."""
    places = {banner.subforum_id: banner for banner in banners}
    found = [places[place] for place in dict.fromkeys([subforum_id, None]) if place in places]
    return [
        RuleChoice(number, banner.subforum_id is None, text, banner.version)
        for banner in found
        for number, text in enumerate(banner.rules, 1)
    ]


def text_of(number: int | None, is_forum_rule: bool, subforum: Subforum | None) -> str:
    """The current text of a rule; "" for none."""
    rules = rules_for(subforum) if number else []
    return next((rule.text for rule in rules if (rule.number, rule.is_forum_rule) == (number, is_forum_rule)), "")


def seen(rules: Iterable[RuleChoice]) -> str:
    """The versions of the rules that a form shows; it sends them back, because numbers may change while it is open."""
    return " ".join(dict.fromkeys(f"{'f' if rule.is_forum_rule else 's'}{rule.version}" for rule in rules))


CHANGED = "The rules have changed meanwhile. Choose again."


def have_changed(shown: str, rules: Iterable[RuleChoice]) -> bool:
    """Whether a form showed other versions than these; False if it sent none."""
    return bool(shown) and shown != seen(rules)


def as_choices(rules: list[RuleChoice], subforum: Subforum | None) -> list:
    """Choices of a <select>, with an optgroup each for the subforum and the forum."""
    groups = [(f"Rules of {subforum.name}", False)] if subforum else []
    groups.append(("Rules of the whole forum", True))
    chosen = [
        (heading, [(rule.value, f"{rule.number}. {rule.text}") for rule in rules if rule.is_forum_rule == of_forum])
        for heading, of_forum in groups
    ]
    return [("", "No rule in particular"), *[group for group in chosen if group[1]]]
