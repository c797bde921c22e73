"""Parts that moderation adds to the forum's pages."""

from collections.abc import Sequence

from accounts.models import User
from accounts.readers import Reader, ReaderFacts
from forum.extensions.fragments import MemberParts, PageParts, Part
from forum.models import Subforum, Topic
from forum.permissions import PostFacts, can_moderate, is_locked
from moderation.filters import holds
from moderation.log import author_notices, grounds, topic_notes
from moderation.models import ModerationEntry, Verb
from moderation.permissions import can_flag, can_flag_profile
from moderation.queue import usual_wait


def of_page(user: Reader, topic: Topic, rows: Sequence[PostFacts]) -> PageParts:
    """Notes on acts; a flag button under every post that the member may flag; links to act for moderators; why a
    suspended member cannot reply."""
    parts = PageParts(above=topic_notes.parts_above(user, topic))
    parts.by_post = _stubs(user, [row for row in rows if row.hidden_at])
    if not user.is_authenticated:
        return parts
    if user.is_suspended and not is_locked(topic) and topic.is_readable:
        parts.instead_of_reply.append(author_notices.of_restriction(user))
    moderates = can_moderate(user, topic.subforum)
    if moderates:
        parts.beside.append({"template": "moderation/_moderate.html", "key": ("moderate", topic.pk), "pk": topic.pk})
    for row in rows:
        acts = [_flag(row.pk)] if can_flag(user, row) else []
        if moderates:
            acts.append(_moderate(topic, row))
        if acts:
            parts.by_post.setdefault(row.pk, []).extend(acts)
    return parts


def of_member(reader: Reader, member: User) -> MemberParts:
    """A flag button on the profiles that the reader may flag."""
    if not can_flag_profile(reader, member):
        return MemberParts()
    return MemberParts(acts=[{"template": "moderation/_flag_profile.html", "username": member.username}])


def of_composer(writer: ReaderFacts, subforum: Subforum) -> list[Part]:
    """Told before a post is sent: that it will wait for a moderator, as all first posts here or as those with links,
    and how long that mostly takes. On the page of a topic the first alone, which may need no query."""
    is_sure = holds.will_wait(writer, subforum)
    if not is_sure and not (isinstance(writer, User) and holds.links_will_wait(writer, subforum)):
        return []
    usually = usual_wait.in_words()
    return [
        {"template": "moderation/_will_wait.html", "key": (is_sure, usually), "is_sure": is_sure, "usually": usually}
    ]


def _stubs(user: Reader, hidden: Sequence[PostFacts]) -> dict[int, list[Part]]:
    """For the stubs of hidden posts: the rule that one broke, if the entry names one; for its author the way to why.

    No query without hidden posts.
    """
    if not hidden:
        return {}
    verbs = [Verb.HIDE_POST, Verb.RESTORE_POST]
    judged = ModerationEntry.objects.undoable().filter(post__in=[row.pk for row in hidden], verb__in=verbs)
    latest = {entry.post_id: entry for entry in judged.select_related("subforum").order_by("pk")}
    found: dict[int, list[Part]] = {}
    for row in hidden:
        entry = latest.get(row.pk)
        if entry is None or entry.verb != Verb.HIDE_POST:
            continue
        parts = [_rule_broken(entry)] if entry.rule else []
        parts += [_own_stub(row.pk)] if user.is_authenticated and user.pk == row.author_id != entry.by_id else []
        if parts:
            found[row.pk] = parts
    return found


def _own_stub(post_id: int) -> Part:
    return {"template": "moderation/_own_stub.html", "key": ("own stub", post_id), "is_stub": True, "pk": post_id}


def _rule_broken(entry: ModerationEntry) -> Part:
    rule, url = grounds.rule(entry), grounds.rule_url(entry)
    template = "moderation/_rule_broken.html"
    return {"template": template, "key": ("rule broken", rule, url), "is_stub": True, "rule": rule, "url": url}


def _flag(post_id: int) -> Part:
    return {"template": "moderation/_flag.html", "key": ("flag", post_id), "is_act": True, "pk": post_id}


def _moderate(topic: Topic, row: PostFacts) -> Part:
    return {
        "template": "moderation/_moderate_post.html", "key": ("moderate", topic.pk, row.pk), "is_act": True,
        "topic_id": topic.pk, "pk": row.pk,
    }  # fmt: skip
