"""Wording of acts: for the log, the queue, and the members whom they concern.

Titles are those that `visible_titles.forget_unreadable` has let the entry tell its reader; without it there are none.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import SignUpBlock
from accounts.text.plain_text import isolated
from accounts.time_zone import with_utc
from forum.models import Post
from forum.pages.profile_fields import name_of
from moderation.consequences import counted, posts_in_topics, replies
from moderation.models import ModerationEntry, Verb, WatchedWord
from moderation.models.entry import OF_FILTERS

# After the moderator's name. {member} is the author or the member acted on, {topic} the title of the topic.
_DID = {
    Verb.PIN: "pinned “{topic}”",
    Verb.UNPIN: "unpinned “{topic}”",
    Verb.PIN_ACROSS: "pinned “{topic}” across the forum",
    Verb.UNPIN_ACROSS: "unpinned “{topic}” across the forum",
    Verb.LOCK: "locked “{topic}”",
    Verb.UNLOCK: "unlocked “{topic}”",
    Verb.HIDE_TOPIC: "hid the topic “{topic}” by {member}",
    Verb.RESTORE_TOPIC: "restored the topic “{topic}”",
    Verb.HIDE_POST: "hid a post by {member} in “{topic}”",
    Verb.RESTORE_POST: "restored a post by {member} in “{topic}”",
    Verb.APPROVE: "approved a post by {member} in “{topic}”",
    Verb.REJECT: "rejected a post by {member} in “{topic}”",
    Verb.MOVE_TOPIC: "moved “{topic}” to another subforum",
    Verb.MERGE: "merged “{topic}” into another topic",
    Verb.SPLIT: "split posts off “{topic}”",
    Verb.MOVE_POSTS: "moved posts of “{topic}” to another topic",
    Verb.MARK_DUPLICATE: "marked “{topic}” as asked before",
    Verb.UNMARK_DUPLICATE: "took back that “{topic}” was asked before",
    Verb.RETITLE: "gave “{topic}” its title",
    Verb.LINK_CROSSINGS: "changed the crossings of “{topic}”",
    Verb.MARK_UNRELATED: "said that a topic has nothing to do with “{topic}”",
    Verb.UNMARK_UNRELATED: "took back that a topic has nothing to do with “{topic}”",
    Verb.EDIT: "edited a post by {member} in “{topic}”",
    Verb.DISMISS: "saw nothing wrong with a post by {member} in “{topic}”",
    Verb.MARK_OUTDATED: "marked a post by {member} in “{topic}” as out of date",
    Verb.WARN: "warned {member}",
    Verb.SUSPEND: "suspended {member}",
    Verb.LIFT: "ended the suspension of {member}",
    Verb.BAN: "banned {member}",
    Verb.UNBAN: "ended the ban of {member}",
    Verb.CLEAN_SPAM: "cleaned up after {member}",
    Verb.VOUCH: "vouched for {member}",
    Verb.RESET_SECOND_STEP: "took off the second step of {member}",
    Verb.RENAME_MEMBER: "gave {member} this name",
    Verb.WATCH_WORDS: "began to watch words",
    Verb.CHANGE_WORD: "changed a watched word",
    Verb.FORGET_WORD: "took a word off the watched ones",
    Verb.BLOCK_SIGNUPS: "blocked sign-ups",
    Verb.END_BLOCK: "ended a block of sign-ups",
    Verb.REMOVE_BLOCK: "removed a block of sign-ups",
    Verb.SET_QUESTION: "set the question at sign-up",
    Verb.GIVE_BADGE: "gave {member} an expert's badge",
    Verb.WITHDRAW_BADGE: "withdrew an expert's badge of {member}",
    Verb.REFUSE_BADGE: "refused {member} an expert's badge",
    Verb.CLEAR_PROFILE: "cleared texts of the profile of {member}",
    Verb.DISMISS_PROFILE: "saw nothing wrong with the profile of {member}",
    Verb.DECIDE_APPEAL: "decided an appeal of {member}",
    Verb.REMOVE_SUBFORUM: "removed a subforum",
    Verb.LOOK: "looked at private things of {member}",
    Verb.UNDO: "took an act back",
}


def did(entry: ModerationEntry) -> str:
    """The act, worded to follow the moderator's name. Uses the entry's member and `undoes`."""
    member = isolated(entry.member.username) if entry.member else "a member"
    words = _DID[Verb(entry.verb)].format(member=member, topic=isolated(_title(entry)))
    if entry.verb == Verb.UNDO and entry.undoes:
        return f"took back: {did(entry.undoes)}"
    return words


# For the member concerned; {topic} is the title of the topic.
_TOLD = {
    Verb.PIN: "Your topic “{topic}” was pinned",
    Verb.UNPIN: "Your topic “{topic}” is pinned no longer",
    Verb.PIN_ACROSS: "Your topic “{topic}” was pinned across the forum",
    Verb.UNPIN_ACROSS: "Your topic “{topic}” is pinned across the forum no longer",
    Verb.LOCK: "Your topic “{topic}” was locked",
    Verb.UNLOCK: "Your topic “{topic}” was unlocked",
    Verb.HIDE_TOPIC: "Your topic “{topic}” was hidden",
    Verb.RESTORE_TOPIC: "Your topic “{topic}” can be read again",
    Verb.HIDE_POST: "A post of yours in “{topic}” was hidden",
    Verb.RESTORE_POST: "A post of yours in “{topic}” can be read again",
    Verb.APPROVE: "Your post in “{topic}” was published",
    Verb.REJECT: "Your post in “{topic}” was not published",
    Verb.MOVE_TOPIC: "Your topic “{topic}” was moved to another subforum",
    Verb.MERGE: "Your topic “{topic}” was merged into one that asks the same",
    Verb.SPLIT: "Posts of your topic “{topic}” are a topic of their own now",
    Verb.MOVE_POSTS: "Posts of your topic “{topic}” stand in another topic now",
    Verb.MARK_DUPLICATE: "What you ask in “{topic}” was asked before",
    Verb.UNMARK_DUPLICATE: "Your topic “{topic}” is no duplicate after all",
    Verb.RETITLE: "Your topic is called “{topic}” now",
    Verb.LINK_CROSSINGS: "Your topic “{topic}” is about other crossings now",
    Verb.EDIT: "A post of yours in “{topic}” was edited",
    Verb.DISMISS: "Nothing is wrong with your post in “{topic}”",
    Verb.MARK_OUTDATED: "Your post in “{topic}” was marked as out of date",
    Verb.WARN: "You were warned",
    Verb.SUSPEND: "You cannot write for a while",
    Verb.LIFT: "You can write again",
    Verb.BAN: "Your account cannot write any more",
    Verb.UNBAN: "You can write again",
    Verb.VOUCH: "A moderator vouched for you",
    Verb.RESET_SECOND_STEP: "Your second step at sign-in was taken off",
    Verb.RENAME_MEMBER: "You have another name now",
    Verb.CLEAN_SPAM: "Your account was closed for advertising, and your posts were hidden",
    Verb.GIVE_BADGE: "You have an expert's badge now",
    Verb.WITHDRAW_BADGE: "Your expert's badge was withdrawn",
    Verb.REFUSE_BADGE: "You asked for an expert's badge: not for now",
    Verb.CLEAR_PROFILE: "Texts of your profile were cleared",
    Verb.DISMISS_PROFILE: "Nothing is wrong with your profile",
    Verb.DECIDE_APPEAL: "Your appeal was decided",
    Verb.REMOVE_SUBFORUM: "A subforum was removed",
    Verb.LOOK: "A moderator looked at private things of yours",
}


def told(entry: ModerationEntry) -> str:
    """The act, worded for the member concerned, without the moderator's name. Uses the entry's `undoes`."""
    if entry.verb == Verb.UNDO:
        return f"This was taken back: {told(entry.undoes)}" if entry.undoes else "Something was taken back"
    return _TOLD[Verb(entry.verb)].format(topic=isolated(_title(entry)))


# For the author of a whole topic, on its page.
_HID = {
    Verb.HIDE_TOPIC: "A moderator hid this topic.",
    Verb.REJECT: "A moderator did not publish this topic.",
    Verb.CLEAN_SPAM: "Your account was closed for advertising, and this topic was hidden with it.",
}


def told_of_hidden_topic(entry: ModerationEntry) -> str:
    return _HID[Verb(entry.verb)]


def told_of_hidden_post(entry: ModerationEntry, post: Post) -> str:
    """For the author of a post, on its page: what hid it, by itself or with its topic."""
    if entry.member_id != post.author_id:
        return "A moderator hid the topic in which you wrote this, and your post with it."
    if entry.verb == Verb.CLEAN_SPAM:
        return "Your account was closed for advertising, and this post was hidden with it."
    if entry.verb == Verb.HIDE_TOPIC:
        return "A moderator hid your topic, and this post with it."
    return "A moderator did not publish this post." if entry.verb == Verb.REJECT else "A moderator hid this post."


def told_of_taking_along(entry: ModerationEntry) -> str:
    """The act, worded for authors of posts that were moved along."""
    of = f" of “{entry.title_told}”" if entry.title_told else ""
    return f"A post of yours{of} stands in another topic now"


def _title(entry: ModerationEntry) -> str:
    return entry.title_told or "a topic"


def sentence(entry: ModerationEntry) -> str:
    """The act as a whole sentence, for the moderator who just did it."""
    return f"{sentence_case(did(entry))}."


def effect(entry: ModerationEntry) -> str:
    """What the act did besides, in numbers; "" for nothing, and where its words were erased. Uses the entry's words."""
    after = entry.words.after
    if entry.verb in OF_FILTERS:
        return _of_filters(entry)
    if entry.verb == Verb.CLEAN_SPAM and (hides := after.get("hides")):
        return f"{sentence_case(posts_in_topics(hides['posts'], hides['topics']))} hidden, signed out everywhere."
    if entry.verb == Verb.WARN and "points" in after:
        said = f"{counted(after['points'], 'point')}; {after['total']} count now"
        return f"{said}. Suspended for {counted(after['days'], 'day')}." if after.get("days") else f"{said}."
    if fields := after.get("fields") or [field for field in [after.get("field")] if field]:
        return f"{sentence_case(', '.join(name_of(field) for field in fields))}."
    if badge := after.get("badge"):
        return f"“{isolated(badge)}”."
    if until := after.get("until"):
        return f"Until {with_utc(datetime.fromisoformat(until))}."
    if after.get("replies"):
        return f"{sentence_case(replies(after['replies']))} went with it."
    if after.get("posts"):
        return f"{counted(after['posts'], 'post')} moved."
    return ""


# Values of an entry that are written out; the rest are counted.
LISTED = 5


def _of_filters(entry: ModerationEntry) -> str:
    """What was watched, blocked or asked, before and after. Addresses on the internet are counted, never named."""
    before, after = (_set_up(words) for words in (entry.words.before, entry.words.after))
    if before and after:
        return f"Before: {before}. Now: {after}."
    return f"{sentence_case(before or after)}." if before or after else ""


def _set_up(words: dict) -> str:
    if "question" in words:
        return f"“{words['question']}”" if words["question"] else "no question"
    if "kind" in words:
        kind = SignUpBlock.Kind(words["kind"]).label.lower()
        named = _several(words["values"]) if words.get("values") else str(len(words["blocks"]))
        return f"{kind}: {named}"
    acts = {act.value: act.label.lower() for act in WatchedWord.Act}
    return _several([f"“{word['pattern']}” ({acts[word['act']]})" for word in words.get("words", [])])


def _several(values: Sequence[str]) -> str:
    more = len(values) - LISTED
    return ", ".join(values[:LISTED]) + (f" and {more:,} more" if more > 0 else "")


def summary(entries: Sequence[ModerationEntry]) -> str:
    """All entries of one act, as a sentence for the moderator who just did it. Uses what `did` and `effect` use."""
    if len(entries) == 1:
        return f"{sentence(entries[0])} {effect(entries[0])}".strip()
    words = _DID_MANY.get(Verb(entries[0].verb), "Did {n} acts").format(n=len(entries))
    gone = sum(entry.words.after.get("replies", 0) for entry in entries)
    if gone:
        return f"{words}, with {replies(gone)}."
    return f"{words}. {effect(entries[0])}".strip() if "until" in entries[0].words.after else f"{words}."


# Bulk acts.
_DID_MANY = {
    Verb.PIN: "Pinned {n} topics",
    Verb.UNPIN: "Unpinned {n} topics",
    Verb.LOCK: "Locked {n} topics",
    Verb.UNLOCK: "Unlocked {n} topics",
    Verb.HIDE_TOPIC: "Hid {n} topics",
    Verb.RESTORE_TOPIC: "Restored {n} topics",
    Verb.MOVE_TOPIC: "Moved {n} topics",
    Verb.HIDE_POST: "Hid {n} posts",
    Verb.RESTORE_POST: "Restored {n} posts",
    Verb.APPROVE: "Approved {n} posts",
    Verb.WARN: "Warned the authors of {n} posts",
}


def sentence_case(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


# On the topic's page, for everybody, without names.
_IN_TOPIC = {
    Verb.PIN: "Pinned",
    Verb.UNPIN: "Pinned no longer",
    Verb.PIN_ACROSS: "Pinned across the forum",
    Verb.UNPIN_ACROSS: "Pinned across the forum no longer",
    Verb.LOCK: "Locked",
    Verb.UNLOCK: "Unlocked",
    Verb.RESTORE_TOPIC: "Shown again",
    Verb.HIDE_POST: "A post hidden",
    Verb.RESTORE_POST: "A post shown again",
    Verb.MOVE_TOPIC: "Moved here from another subforum",
    Verb.MERGE: "Another topic merged into this one",
    Verb.SPLIT: "Posts split off into a topic of their own",
    Verb.MOVE_POSTS: "Posts moved to another topic",
    Verb.MARK_DUPLICATE: "Marked as asked before",
    Verb.UNMARK_DUPLICATE: "No duplicate after all",
    Verb.RETITLE: "Given another title",
    Verb.LINK_CROSSINGS: "Its crossings changed",
    Verb.EDIT: "A post edited by a moderator",
    Verb.MARK_OUTDATED: "A post marked as out of date",
}


def in_topic(entry: ModerationEntry) -> str:
    """The act, worded for its topic's page."""
    if entry.verb == Verb.UNDO and entry.undoes:
        return f"Taken back: {in_topic(entry.undoes).lower()}"
    return _IN_TOPIC.get(Verb(entry.verb), "A moderator's act")


def term(entry: ModerationEntry, now: datetime) -> str:
    """Until when a suspension is, or when it ended; "" for other acts and for a ban that stands. Uses `suspension`."""
    given = getattr(entry, "suspension", None)
    if given is None or not is_standing(entry):
        return ""
    if given.lifted_at and (given.ends_at is None or given.lifted_at < given.ends_at):
        return f"It ended early, on {_day(given.lifted_at)}."
    if given.ends_at is None:
        return ""
    return f"It ended on {_day(given.ends_at)}." if given.ends_at <= now else f"It ends on {_day(given.ends_at)}."


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


def is_standing(entry: ModerationEntry) -> bool:
    """Whether the act is not undone. Uses `undone_by`."""
    return getattr(entry, "undone_by", None) is None
