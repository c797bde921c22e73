"""The rules that a post can break: those of its subforum, and those of the whole forum."""

from typing import NamedTuple

from forum.models import RulesBanner, Subforum


class RuleChoice(NamedTuple):
    """A rule as it is chosen in a form."""

    number: int
    is_forum_rule: bool
    text: str

    @property
    def value(self) -> str:
        return f"{'forum' if self.is_forum_rule else 'here'}-{self.number}"


def rules_for(subforum: Subforum) -> list[RuleChoice]:
    """In the order of their numbers, the subforum's first."""
    banners = RulesBanner.objects.filter(subforum=subforum) | RulesBanner.objects.filter(subforum=None)
    of_here = sorted(banners, key=lambda banner: banner.subforum_id is None)
    return [
        RuleChoice(number, banner.subforum_id is None, text)
        for banner in of_here
        for number, text in enumerate(banner.rules, 1)
    ]


def as_choices(rules: list[RuleChoice], subforum: Subforum) -> list:
    """For a select: the subforum's and the forum's under their own headings."""
    groups = [(f"Rules of {subforum.name}", False), ("Rules of the whole forum", True)]
    chosen = [
        (heading, [(rule.value, f"{rule.number}. {rule.text}") for rule in rules if rule.is_forum_rule == of_forum])
        for heading, of_forum in groups
    ]
    return [("", "No rule in particular"), *[group for group in chosen if group[1]]]
