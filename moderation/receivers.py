"""Receivers of the forum's signals: they only write rows."""

from django.db import transaction
from django.dispatch import receiver

from accounts.logs import security_log
from accounts.models import BadgeChange, User
from accounts.signals import member_renamed
from crossings.models import BadgeApplication
from crossings.signals import application_refused, links_changed, relation_judged
from forum.extensions.screeners import Draft
from forum.models import Post, Reaction, Rearrangement, Subforum, Topic
from forum.permissions import can_moderate, is_author_of
from forum.signals import (
    access_changed,
    badge_changed,
    post_changed,
    post_held,
    post_hidden,
    post_published,
    posts_moved,
    reacted,
    subforum_removed,
    topic_hidden,
    topic_moved,
    topic_restored,
)
from moderation import post_addresses, tasks
from moderation.actions.base import on_post, on_topic
from moderation.filters import findings, holds
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import Flag, Hold, ModerationEntry, QueueItem, Verb
from moderation.queue import items
from moderation.signals import acted
from pagecache.tasks import soon


@receiver(member_renamed)
def log_a_name_by_an_administrator(user: User, former: str, by: User | None, **kwargs: object) -> None:
    """Members' own changes stand on their page for moderators (accounts/models/former.py)."""
    if by is not None and by.pk != user.pk:
        items.settle_profile(by, user, Flag.Outcome.UPHELD, part="name")
        after = {"name": user.username}
        entries.tell(entries.write(by, Verb.RENAME_MEMBER, Why(), member=user, before={"name": former}, after=after))


@receiver(post_held)
def queue_what_waits(post: Post, reason: str, **kwargs: object) -> None:
    findings.note_hold(post, holds.code_of(reason))


@receiver([post_published, post_held])
def note_from_where(post: Post, **kwargs: object) -> None:
    post_addresses.note(post)


@receiver([post_published, post_changed])
def flag_watched_words(post: Post, draft: Draft | None = None, **kwargs: object) -> None:
    if post.is_readable:
        findings.flag_for_words(post, draft)


@receiver(post_hidden)
def nothing_waits_about_what_was_withdrawn(post: Post, by: User | None, **kwargs: object) -> None:
    if by is not None and by.pk == post.author_id:
        items.settle(by, post, flags=Flag.Outcome.WITHDRAWN, hold=Hold.Outcome.REJECTED)


@receiver(topic_hidden)
def nothing_waits_about_a_withdrawn_topic(topic: Topic, by: User | None, **kwargs: object) -> None:
    if by is not None and is_author_of(by, topic) and topic.opening_post is not None:
        items.settle(by, topic.opening_post, flags=Flag.Outcome.WITHDRAWN, hold=Hold.Outcome.REJECTED)


@receiver(topic_moved)
def follow_the_topic(topic: Topic, before: Subforum, **kwargs: object) -> None:
    items.follow_topic(topic.pk, topic.subforum_id)


@receiver(subforum_removed)
def follow_the_subforum(subforum: Subforum, target: Subforum | None, by: User, **kwargs: object) -> None:
    """Items about members, open or decided, go along; the removal stands in the log, where the topics are."""
    QueueItem.objects.filter(subforum=subforum).update(subforum=target)
    name = {"subforum": subforum.pk, "name": subforum.name, "slug": subforum.slug}
    entries.write(by, Verb.REMOVE_SUBFORUM, Why(reason=subforum.name), subforum=target, before=name)


@receiver(posts_moved)
def follow_the_posts(rearrangement: Rearrangement, **kwargs: object) -> None:
    items.follow_topic(rearrangement.source_id, rearrangement.source.subforum_id)
    items.follow_topic(rearrangement.target_id, rearrangement.target.subforum_id)


@receiver(post_changed)
def log_an_edit_by_a_moderator(post: Post, by: User, **kwargs: object) -> None:
    """Edits by moderators on the forum's own pages are logged, too, and their authors notified."""
    if by.pk == post.author_id or entries.is_written_elsewhere():
        return
    edit = post.revisions.order_by("-number").first()
    why = Why(reason=edit.reason if edit else "")
    before, after = {"edits_count": post.edits_count - 1}, {"edits_count": post.edits_count}
    closed = items.settle(by, post, flags=Flag.Outcome.UPHELD)
    on_post(by, Verb.EDIT, why, post, before=before | {"closed": closed}, after=after)


@receiver(links_changed)
def log_links_by_a_moderator(topic: Topic, by: User, before: list[int], after: list[int], **kwargs: object) -> None:
    """Moderators' links to crossings are logged, too; authors and experts link as members."""
    if is_author_of(by, topic) or entries.is_written_elsewhere() or not can_moderate(by, topic.subforum):
        return
    on_topic(by, Verb.LINK_CROSSINGS, Why(), topic, before={"crossings": before}, after={"crossings": after})


@receiver(badge_changed)
def log_badge(change: BadgeChange, **kwargs: object) -> None:
    """What administrators do about badges is logged, and told to the member; what changes by itself is not."""
    verbs = {BadgeChange.Kind.GIVEN: Verb.GIVE_BADGE, BadgeChange.Kind.WITHDRAWN: Verb.WITHDRAW_BADGE}
    if change.by is not None and change.kind in verbs:
        verb, badge = verbs[BadgeChange.Kind(change.kind)], change.badge
        _log_about_badge(change.by, verb, badge.user, title=badge.title, reason=change.reason)


@receiver(application_refused)
def log_refused_badge(application: BadgeApplication, **kwargs: object) -> None:
    title = ", ".join(application.countries) or application.subject
    _log_about_badge(
        application.closed_by, Verb.REFUSE_BADGE, application.applicant, title=title, reason=application.decision
    )


def _log_about_badge(by: User | None, verb: Verb, member: User, *, title: str, reason: str) -> None:
    entries.tell(entries.write(by, verb, Why(reason=reason), member=member, after={"badge": title}))


@receiver(relation_judged)
def log_unrelated_topics(topic: Topic, other: Topic, by: User, is_unrelated: bool, **kwargs: object) -> None:
    if entries.is_written_elsewhere():
        return
    verb = Verb.MARK_UNRELATED if is_unrelated else Verb.UNMARK_UNRELATED
    entries.write(by, verb, Why(), topic=topic, subforum=topic.subforum, after={"other": other.pk})


@receiver([topic_hidden, topic_restored, topic_moved])
def end_pages_that_point_at_it(topic: Topic, **kwargs: object) -> None:
    soon(tasks.end_pages_that_name_topic, topic.pk)


@receiver([post_published, post_changed])
def end_pages_that_call_it_otherwise(post: Post, **kwargs: object) -> None:
    """Invalidate pages that name an approved or retitled topic. Only moderated topics are named elsewhere."""
    topic = post.topic
    if post.is_opening_post and (topic.moderated_at or topic.duplicate_of_id or topic.duplicates_count):
        soon(tasks.end_pages_that_name_topic, topic.pk)


@receiver(posts_moved)
def end_pages_that_point_at_either(rearrangement: Rearrangement, **kwargs: object) -> None:
    for topic_id in (rearrangement.source_id, rearrangement.target_id):
        soon(tasks.end_pages_that_name_topic, topic_id)


@receiver(access_changed)
def end_pages_that_point_into_it(subforum: Subforum, **kwargs: object) -> None:
    soon(tasks.end_pages_that_name_subforum, subforum.pk)


@receiver(post_published)
def look_for_duplicates(post: Post, **kwargs: object) -> None:
    if post.is_opening_post:
        tasks.look_for_duplicate.enqueue(post.topic_id)


@receiver(reacted)
def ask_about_what_many_call_outdated(post: Post, kind: str, **kwargs: object) -> None:
    if kind == Reaction.Kind.OUTDATED:
        findings.flag_for_age(post)


@receiver(acted)
def note_change_of_rights(entry: ModerationEntry, **kwargs: object) -> None:
    """What a member may do is changed: a line of the security log, once it is committed."""
    if entry.verb in _OF_RIGHTS:
        facts = {"verb": entry.verb, "by": entry.by_id, "of": entry.member_id, "entry": entry.pk}
        transaction.on_commit(lambda: security_log.note("rights-changed", None, **facts))


_OF_RIGHTS = {
    Verb.WARN, Verb.SUSPEND, Verb.LIFT, Verb.BAN, Verb.UNBAN, Verb.CLEAN_SPAM, Verb.VOUCH, Verb.UNDO,
    Verb.RESET_SECOND_STEP,
}  # fmt: skip
