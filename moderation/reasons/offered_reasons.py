"""Which preset reasons a form offers: the subforum's, else the whole forum's, else those that are ready-made."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import Q

from forum.models import Subforum
from moderation.models import Flag, Hold, PresetReason
from moderation.reasons.ready_made import READY_MADE
from moderation.rules import RuleChoice

Cause = PresetReason.Cause


class Preset(NamedTuple):
    """A preset reason as a choice of a form."""

    value: str
    label: str
    text: str
    # Form value of the rule that it names (moderation/rules.py); "" for none, and if the rules say it no longer.
    rule: str = ""
    cause: str = ""
    # Why it is suggested for this item: "it was flagged as advertising"; "" if it is not.
    because: str = ""


def presets_for(subforum: Subforum | None, rules: Sequence[RuleChoice]) -> tuple[Preset, ...]:
    """The choices of a subforum, or of the whole forum, with the rules of the form. One query."""
    place = subforum.pk if subforum else None
    return of_rows(place, PresetReason.objects.filter(Q(subforum=place) | Q(subforum=None)), rules)


def of_rows(subforum_id: int | None, rows: Iterable[PresetReason], rules: Sequence[RuleChoice]) -> tuple[Preset, ...]:
    """As presets_for, from rows that are loaded."""
    stored = inherited(subforum_id, list(rows))
    if not stored:
        return tuple(Preset(f"ready-{number}", *_ready(number)) for number in range(len(READY_MADE)))
    numbered = {(rule.is_forum_rule, rule.text): rule.value for rule in rules}
    return tuple(
        Preset(str(row.pk), row.label, row.text, numbered.get((row.is_forum_rule, row.rule_text), ""), row.cause)
        for row in stored
    )


def inherited(subforum_id: int | None, rows: Sequence[PresetReason]) -> list[PresetReason]:
    """The rows of a subforum; without any, those of the whole forum."""
    own = [row for row in rows if row.subforum_id == subforum_id]
    return own or [row for row in rows if row.subforum_id is None]


def _ready(number: int) -> tuple[str, str, str, str]:
    label, text, cause = READY_MADE[number]
    return label, text, "", cause or ""


# --- What is suggested for an item of the queue ---


def suggested_first(
    presets: Sequence[Preset], flags: Sequence[Flag], holds: Sequence[Hold], flagged_rule: str
) -> tuple[Preset, ...]:
    """The presets, with the one first that fits what put the item into the queue, and why it does."""
    of_rule = [preset for preset in presets if flagged_rule and preset.rule == flagged_rule]
    if of_rule:
        return _with_first(of_rule[0], "it was flagged for breaking this rule", presets)
    for cause, because in _causes(flags, holds):
        found = next((preset for preset in presets if preset.cause == cause), None)
        if found:
            return _with_first(found, because, presets)
    return tuple(presets)


def _with_first(first: Preset, because: str, presets: Sequence[Preset]) -> tuple[Preset, ...]:
    return first._replace(because=because), *(preset for preset in presets if preset is not first)


def _causes(flags: Sequence[Flag], holds: Sequence[Hold]) -> Iterator[tuple[str, str]]:
    """Causes with the words for each: the commonest reasons of flags first, then holds."""
    for cause, _ in Counter(_cause_of(flag) for flag in flags).most_common():
        words = next(flag.words for flag in flags if _cause_of(flag) == cause)
        yield cause, _watched(words) if cause == Cause.WORDS else _FLAGGED.get(cause, "")
    for hold in holds:
        if hold.reason in _HELD:
            cause, because = _HELD[hold.reason]
            yield cause, because or _watched(hold.words)
            if cause == Cause.LINKS:  # without a reason of its own, it is what advertisers do
                yield Cause.ADVERTISING, because


def _cause_of(flag: Flag) -> str:
    """The reason of a flag; what a filter flags for a rule has a watched word."""
    if flag.reason == Flag.Reason.RULES and flag.by_id is None:
        return Cause.WORDS
    return flag.reason


def _watched(words: str) -> str:
    """ "it has a watched word: casino"; `words` are those of the filter (moderation/filters/findings.py)."""
    named = words.removeprefix("Watched: ").strip()
    return f"it has a watched word: {named}" if named else "it has a watched word"


_FLAGGED: dict[str, str] = {
    Cause.ADVERTISING: "it was flagged as advertising",
    Cause.RULES: "it was flagged for breaking a rule",
    Cause.DUPLICATE: "the same seems to be asked elsewhere",
    Cause.OUTDATED: "it was flagged as no longer true",
    Cause.DANGEROUS: "it was flagged as dangerous",
    Cause.PERSONAL: "it was flagged for private things",
}
_HELD: dict[str, tuple[str, str]] = {
    Hold.Reason.WORDS: (Cause.WORDS, ""),
    Hold.Reason.COPIED: (Cause.COPIED, "the same text was posted before"),
    Hold.Reason.FIRST_POST: (Cause.LINKS, "it has links or contact details"),
    Hold.Reason.LINKS: (Cause.LINKS, "it has many links"),
}
