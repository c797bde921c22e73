"""Text of notifications about acts, composed whenever it is shown: the act, the rule, the reason, and what to do."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.dateformat import format as written

from accounts.models import User
from forum.models import Topic
from moderation.log import grounds, wording
from moderation.log.hidden_texts import gives_back
from moderation.log.visible_titles import forget_unreadable
from moderation.models import Appeal, ModerationEntry, Verb
from moderation.permissions import can_appeal
from notifications.models import Notification
from notifications.news.news_rows import Step, Told

# What the act means for the member.
_KINDLY = {
    Verb.LOCK: "Nobody can reply there any more. All of it can still be read.",
    Verb.UNLOCK: "Members can reply there again.",
    Verb.HIDE_TOPIC: "It cannot be read any more. Whatever else you wrote stays as it is.",
    Verb.RESTORE_TOPIC: "It stands where it stood. We are sorry for the trouble.",
    Verb.HIDE_POST: "It cannot be read any more. Whatever else you wrote stays as it is.",
    Verb.RESTORE_POST: "It stands where it stood. We are sorry for the trouble.",
    Verb.APPROVE: "It waited for a moderator, as some first posts and links do. Thank you for your patience.",
    Verb.REJECT: "It waited for a moderator. You are welcome to write it again, in a way that fits the rules.",
    Verb.MOVE_TOPIC: "It will be found more easily there. Old links still lead to it.",
    Verb.MERGE: "All its posts stand in that topic now, in the order of time. Old links still lead to them.",
    Verb.SPLIT: "So each topic has one question. Old links still lead to the posts.",
    Verb.MOVE_POSTS: "Old links still lead to them.",
    Verb.MARK_DUPLICATE: "Your topic stays, and points to the other. Perhaps the answer stands there already.",
    Verb.UNMARK_DUPLICATE: "It is a question of its own.",
    Verb.RETITLE: "A title that says what it is about is found by those who know the answer.",
    Verb.EDIT: "What was changed stands in its history.",
    Verb.MARK_OUTDATED: "It stays, with a note. If it still holds, an expert's word takes the note away.",
    Verb.WARN: "We would like you to stay, and to keep to the rules here.",
    Verb.SUSPEND: "Until then you can read, sign in and ask us to look again.",
    Verb.LIFT: "Welcome back.",
    Verb.BAN: "You can still read what everybody can read.",
    Verb.UNBAN: "Welcome back.",
    Verb.VOUCH: "You have the rights of a member now, which others earn by being thanked.",
    Verb.RENAME_MEMBER: "Others find you under it, and the old one leads to you.",
    Verb.GIVE_BADGE: "It stands beside what you write about that. After a year without an answer it sleeps.",
    Verb.WITHDRAW_BADGE: "It stands beside your posts no longer. What you wrote stays as it is.",
    Verb.REFUSE_BADGE: "You can ask again in 30 days.",
    Verb.CLEAR_PROFILE: "You can write others.",
    Verb.RESET_SECOND_STEP: "Your password alone opens your account now. Add a new second step in your settings.",
    Verb.UNDO: "We are sorry for the trouble.",
}


def told_of_acts(user: User, rows: Sequence[Notification]) -> dict[int, Told]:
    """The text of notifications about acts by their primary keys, by a fixed number of queries."""
    entries = [row.entry for row in rows if row.entry]
    asked = _appeals(user, entries)
    forget_unreadable(user, [*entries, *(appeal.entry for appeal in asked.values())])
    known = _topics(user, entries)
    return {row.pk: _told(user, row, row.entry, known, asked) for row in rows if row.entry}


def _told(
    user: User, row: Notification, entry: ModerationEntry, known: dict[int, Topic], asked: dict[int, Appeal]
) -> Told:
    if entry.member_id != user.pk:
        return _told_to_writer(user, row, entry, asked)
    appeal = asked.get(entry.words.before.get("entry", 0))
    subject = _decision(appeal) if entry.verb == Verb.DECIDE_APPEAL and appeal else wording.told(entry)
    steps = [*_steps(entry, known), *_step_to_own_words(user, entry), *_appeal_step(user, entry, asked)]
    return Told(subject, "\n\n".join(_paragraphs(row, entry, appeal)), row.url, steps)


def _told_to_writer(user: User, row: Notification, entry: ModerationEntry, asked: dict[int, Appeal]) -> Told:
    """For an author whose posts were moved along with a topic."""
    lines = ["Old links still lead to it.", _taken_back(row)]
    words = "\n\n".join(line for line in lines if line)
    return Told(wording.told_of_taking_along(entry), words, row.url, _appeal_step(user, entry, asked))


def _paragraphs(row: Notification, entry: ModerationEntry, appeal: Appeal | None) -> list[str]:
    """What the act means, the rule and the reason; erased words are left out."""
    lines = [_until(entry), _KINDLY.get(Verb(entry.verb), ""), _points(entry)]
    if appeal and entry.verb == Verb.DECIDE_APPEAL:
        lines.append(f"You had asked about this: {_asked_about(appeal)}.")
    lines += [_about(entry), _rule(entry), _title(entry), _reason(entry), _taken_back(row)]
    return [line for line in lines if line]


def _asked_about(appeal: Appeal) -> str:
    is_named = appeal.entry.member_id == appeal.by_id
    return wording.told(appeal.entry) if is_named else wording.told_of_taking_along(appeal.entry)


def _reason(entry: ModerationEntry) -> str:
    if grounds.is_unexplained(entry):
        return f"{grounds.NO_REASON} If you wonder why, ask: another moderator looks at it and answers you."
    return f"The moderators say: {entry.words.reason}" if entry.words.reason else ""


def _taken_back(row: Notification) -> str:
    return "This was taken back since." if row.is_taken_back else ""


def _about(entry: ModerationEntry) -> str:
    """The badge, or the field of the profile."""
    about = entry.words.after.get("badge") or _FIELDS.get(entry.words.after.get("field", ""), "")
    return f"It is about “{about}”." if about else ""


_FIELDS = {
    "bio": "About you", "location": "Location", "languages": "Languages", "travels_by": "How you travel",
    "countries_known": "Countries you know", "home_page": "Home page", "signature": "Signature",
}  # fmt: skip


def _rule(entry: ModerationEntry) -> str:
    if entry.rule is None:
        return ""
    place = f" of “{entry.subforum.name}”" if entry.subforum and not entry.is_forum_rule else ""
    text = f": “{entry.words.rule_text}”" if entry.words.rule_text else ""
    return f"It is about {grounds.rule(entry)}{place}{text}"


def _until(entry: ModerationEntry) -> str:
    suspension = getattr(entry, "suspension", None)
    if entry.verb != Verb.SUSPEND or suspension is None or suspension.ends_at is None:
        return ""
    return f"You can write again from {written(suspension.ends_at, 'j F Y, H:i')} UTC on."


def _points(entry: ModerationEntry) -> str:
    warning = getattr(entry, "warning", None)
    if warning is None or not warning.points:
        return ""
    points = "1 point" if warning.points == 1 else f"{warning.points} points"
    until = written(warning.expires_at, "j F Y")
    return f"The warning counts {points} until {until}. Enough points suspend for a while."


def _title(entry: ModerationEntry) -> str:
    before = entry.words.before.get("title", "") if entry.verb == Verb.RETITLE and entry.title_told else ""
    return f"It was called “{before}” before." if before else ""


def _decision(appeal: Appeal) -> str:
    is_granted = appeal.outcome == Appeal.Outcome.GRANTED
    return "We looked again, and took it back" if is_granted else "We looked again, and it stands"


def _steps(entry: ModerationEntry, known: dict[int, Topic]) -> list[Step]:
    """Links to the topic or post of the act."""
    steps = []
    if other := known.get(_other(entry)):
        label = "The topic in which it was asked before" if entry.verb == Verb.MARK_DUPLICATE else "The topic"
        steps.append(Step(f"{label}: {other.title}", other.get_absolute_url()))
    elif entry.verb in _LEADS_TO_TOPIC and entry.topic_id in known:
        steps.append(Step("The topic", known[entry.topic_id].get_absolute_url()))
    if entry.post_id and entry.verb in {Verb.APPROVE, Verb.RESTORE_POST, Verb.MARK_OUTDATED}:
        steps.append(Step("Your post", reverse("forum:post", args=[entry.post_id])))
    if entry.post_id and entry.verb == Verb.EDIT:
        steps.append(Step("What was changed", reverse("forum:history", args=[entry.post_id])))
    return steps


def _step_to_own_words(user: User, entry: ModerationEntry) -> list[Step]:
    """Link to the hidden text, for its author to copy."""
    if not gives_back(entry, user):
        return []
    return [Step("What you wrote, to keep or to write again", reverse("moderation:own-words", args=[entry.pk]))]


def _appeal_step(user: User, entry: ModerationEntry, asked: dict[int, Appeal]) -> list[Step]:
    """Link to appeal, if the act stands and the member has not appealed yet."""
    if getattr(entry, "undone_by", None) or entry.pk in asked or not can_appeal(user, entry):
        return []
    return [Step("Ask another moderator to look again", reverse("moderation:appeal", args=[entry.pk]))]


_LEADS_TO_TOPIC = {Verb.LOCK, Verb.UNLOCK, Verb.RESTORE_TOPIC, Verb.MOVE_TOPIC, Verb.RETITLE, Verb.UNMARK_DUPLICATE}


def _other(entry: ModerationEntry) -> int:
    """Primary key of the other topic of an act on two; 0 for none."""
    return entry.words.after.get("topic") or entry.words.after.get("duplicate_of") or 0


def _topics(user: User, entries: Sequence[ModerationEntry]) -> dict[int, Topic]:
    """The topics of the entries that the member may read now, by pk."""
    ids = {pk for entry in entries for pk in (entry.topic_id, _other(entry)) if pk}
    if not ids:
        return {}
    return Topic.objects.visible_to(user).readable().select_related("subforum").in_bulk(ids)


def _appeals(user: User, entries: Sequence[ModerationEntry]) -> dict[int, Appeal]:
    """The member's appeals, by pk of the entry."""
    ids = {entry.pk for entry in entries}
    ids |= {entry.words.before.get("entry", 0) for entry in entries if entry.verb == Verb.DECIDE_APPEAL}
    if not ids:
        return {}
    appeals = Appeal.objects.filter(entry__in=ids, by=user).select_related("entry__topic", "entry__undoes__topic")
    return {appeal.entry_id: appeal for appeal in appeals}
