"""Parts that moderation adds to the forum's pages."""

from collections.abc import Sequence

from accounts.readers import Reader
from forum.extensions.fragments import PageParts, Part
from forum.models import Topic
from forum.permissions import PostFacts, can_moderate
from moderation.log import author_notices, topic_notes, wording
from moderation.models import ModerationEntry, Verb
from moderation.permissions import can_flag


def of_page(user: Reader, topic: Topic, rows: Sequence[PostFacts]) -> PageParts:
    """Notes on acts; a flag button under every post that the member may flag; links to act for moderators; why a
    suspended member cannot reply."""
    parts = PageParts(above=topic_notes.parts_above(user, topic))
    parts.by_post = _rules_broken([row.pk for row in rows if row.hidden_at])
    if not user.is_authenticated:
        return parts
    if user.is_suspended and topic.locked_at is None and topic.is_readable:
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


def _rules_broken(hidden: list[int]) -> dict[int, list[Part]]:
    """The rule that a hidden post broke, for its stub, if the entry names one. No query without hidden posts."""
    if not hidden:
        return {}
    judged = ModerationEntry.objects.undoable().filter(post__in=hidden, verb__in=[Verb.HIDE_POST, Verb.RESTORE_POST])
    latest = {entry.post_id: entry for entry in judged.select_related("subforum").order_by("pk")}
    return {
        pk: [_rule_broken(entry)] for pk, entry in latest.items() if pk and entry.verb == Verb.HIDE_POST and entry.rule
    }


def _rule_broken(entry: ModerationEntry) -> Part:
    rule, url = wording.rule(entry), wording.rule_url(entry)
    template = "moderation/_rule_broken.html"
    return {"template": template, "key": ("rule broken", rule, url), "is_stub": True, "rule": rule, "url": url}


def _flag(post_id: int) -> Part:
    return {"template": "moderation/_flag.html", "key": ("flag", post_id), "is_act": True, "pk": post_id}


def _moderate(topic: Topic, row: PostFacts) -> Part:
    return {
        "template": "moderation/_moderate_post.html", "key": ("moderate", topic.pk, row.pk), "is_act": True,
        "topic_id": topic.pk, "pk": row.pk,
    }  # fmt: skip
