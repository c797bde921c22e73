"""On what an act is grounded, in words: the rule that it names, or that no reason was given."""

from forum.models.rules import history_of
from moderation.models import ModerationEntry, Verb


def rule(entry: ModerationEntry) -> str:
    """The rule of an entry, by its number."""
    if entry.rule is None:
        return ""
    return f"rule {entry.rule} of the whole forum" if entry.is_forum_rule else f"rule {entry.rule}"


# Acts whose author reads that something of theirs is gone, or what they may not do: they deserve a reason.
JUDGES = {Verb.HIDE_TOPIC, Verb.HIDE_POST, Verb.REJECT, Verb.WARN, Verb.SUSPEND, Verb.BAN, Verb.CLEAR_PROFILE}
# For its author, where no reason was given: kind, and true of every such act.
NO_REASON = "The moderator wrote down no reason."


def is_unexplained(entry: ModerationEntry) -> bool:
    """Whether a judging act has neither rule nor reason; False if its words were erased. Uses the entry's words."""
    if entry.verb not in JUDGES or entry.rule is not None:
        return False
    return not entry.words.reason and entry.words.erased_at is None


def rule_or_none_given(entry: ModerationEntry) -> str:
    """For the log: the rule, or that no reason was given; "" where the reason is in words. Uses the words."""
    return "no reason given" if is_unexplained(entry) else rule(entry)


def rule_url(entry: ModerationEntry) -> str:
    """URL of the version of the rules at that time. Uses the entry's subforum."""
    if entry.rule is None or entry.rules_version is None or not (entry.is_forum_rule or entry.place):
        return ""
    return history_of(None if entry.is_forum_rule else entry.place, entry.rules_version)
