"""What members read where something of theirs is gone: a topic or a post that was hidden, and the right to write."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.readers import Reader
from crossings.similar.ranking import like_topic
from forum.extensions.fragments import Part
from forum.models import Post, Topic
from moderation.log import grounds, wording
from moderation.log.hidden_texts import posts_of
from moderation.log.visible_titles import forget_unreadable
from moderation.models import Appeal, ModerationEntry, Suspension, Verb
from moderation.permissions import can_appeal

FITTING_SHOWN = 3


def of_hidden_topic(user: User, topic: Topic) -> Part | None:
    """Why a topic of the member is hidden, with their first text in it and topics where that may fit.

    None if no act of a moderator says so.
    """
    entries = ModerationEntry.objects.undoable().filter(_hid(topic), member=user).exclude(by=user)
    joined = entries.latest_first().select_related("subforum", "topic", "words", "undoes")
    entry = joined.annotate(is_asked=_is_asked(user)).first()
    if entry is None:
        return None
    forget_unreadable(user, [entry])
    texts = list(posts_of(entry, user).filter(topic=topic)[:2])
    source = texts[0].source if texts else ""
    return {
        "template": "moderation/_hidden_topic.html",
        "did": wording.told_of_hidden_topic(entry),
        "source": source,
        "fitting": like_topic(topic, source, user=user, limit=FITTING_SHOWN),
        "written_at": texts[0].written_at if texts else topic.opened_at,
        "has_more": len(texts) > 1,
        **_why(user, entry, is_asked=entry.is_asked),
    }


def of_hidden_post(user: User, post: Post) -> Part | None:
    """Why a post of the member is hidden, by itself or with its topic; None if no act of a moderator says so.

    What was told to the author of the topic is for that author alone: others read only that it was hidden.
    """
    entries = ModerationEntry.objects.undoable().exclude(by=user).latest_first()
    entries = entries.select_related("subforum", "topic", "words", "undoes").annotate(is_asked=_is_asked(user))
    entry = entries.filter(_hid_post(post), member=user).first() if post.hidden_at else None
    if entry is None and post.topic.hidden_at:
        entry = entries.filter(_hid(post.topic)).first()
    if entry is None:
        return None
    forget_unreadable(user, [entry])
    part = {
        "template": "moderation/_hidden_post.html",
        "did": wording.told_of_hidden_post(entry, post),
        "source": post.source,
        "written_at": post.written_at,
    }
    if entry.member_id != user.pk:
        return part | {"at": entry.at}
    return part | _why(user, entry, is_asked=entry.is_asked)


def of_restriction(reader: Reader) -> Part:
    """Until when and why a suspended or banned member cannot write. Without an entry, nobody can be asked."""
    member = User.objects.get(pk=reader.pk)
    standing = Suspension.objects.standing().filter(member=member, ends_at=member.suspended_until)
    if member.is_banned:
        standing = Suspension.objects.standing().filter(member=member, ends_at=None)
    given = standing.order_by("-pk").values("entry")[:1]
    joined = ModerationEntry.objects.select_related("subforum", "topic", "words", "undoes")
    entry = joined.annotate(is_asked=_is_asked(member)).filter(pk__in=given).first()
    part = {"template": "moderation/_restriction.html", "until": None if member.is_banned else member.suspended_until}
    if entry is None:
        return part
    forget_unreadable(reader, [entry])
    if entry.verb == Verb.CLEAN_SPAM:
        part["told"] = wording.told(entry)
    return part | _why(member, entry, is_asked=entry.is_asked)


def _hid(topic: Topic) -> Q:
    """Acts that hide a whole topic; a clean-up names it in its words alone."""
    return (
        Q(verb=Verb.HIDE_TOPIC, topic=topic)
        | Q(verb=Verb.REJECT, topic=topic, post=topic.opening_post_id)
        | Q(verb=Verb.CLEAN_SPAM, words__before__topics__contains=[topic.pk])
    )


def _hid_post(post: Post) -> Q:
    """Acts that hide a post by itself; a clean-up names it in its words alone."""
    by_itself = Q(verb__in=[Verb.HIDE_POST, Verb.REJECT], post=post)
    return by_itself | Q(verb=Verb.CLEAN_SPAM, words__before__posts__contains=[post.pk])


def _is_asked(user: User) -> Exists:
    return Exists(Appeal.objects.filter(entry=OuterRef("pk"), by=user))


def _why(user: User, entry: ModerationEntry, *, is_asked: bool) -> Part:
    return {
        "entry": entry.pk,
        "at": entry.at,
        "rule": wording.sentence_case(grounds.rule(entry)),
        "rule_url": grounds.rule_url(entry),
        "rule_text": entry.words.rule_text,
        "reason": entry.words.reason,
        "no_reason": grounds.NO_REASON if grounds.is_unexplained(entry) else "",
        "is_asked": is_asked,
        "may_appeal": not is_asked and can_appeal(user, entry),
    }
