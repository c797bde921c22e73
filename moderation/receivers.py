"""What moderation does when something happens in the forum: it only writes rows."""

from django.dispatch import receiver

from accounts.models import User
from forum.models import Post, Rearrangement, Subforum, Topic
from forum.signals import post_changed, post_held, post_hidden, post_published, posts_moved, topic_hidden, topic_moved
from moderation import holding, log, queueing, screening
from moderation.actions.acting import on_post
from moderation.log import Why
from moderation.models import Flag, Hold, Verb


@receiver(post_held)
def queue_what_waits(post: Post, reason: str, **kwargs: object) -> None:
    holding.note_hold(post, screening.code_of(reason))


@receiver([post_published, post_changed])
def flag_watched_words(post: Post, **kwargs: object) -> None:
    if post.is_readable:
        holding.flag_for_words(post)


@receiver(post_hidden)
def nothing_waits_about_what_was_withdrawn(post: Post, by: User | None, **kwargs: object) -> None:
    if by is not None and by.pk == post.author_id:
        queueing.settle(by, post, flags=Flag.Outcome.WITHDRAWN, hold=Hold.Outcome.REJECTED)


@receiver(topic_hidden)
def nothing_waits_about_a_withdrawn_topic(topic: Topic, by: User | None, **kwargs: object) -> None:
    if by is not None and by.pk == topic.author_id and topic.opening_post is not None:
        queueing.settle(by, topic.opening_post, flags=Flag.Outcome.WITHDRAWN, hold=Hold.Outcome.REJECTED)


@receiver(topic_moved)
def follow_the_topic(topic: Topic, before: Subforum, **kwargs: object) -> None:
    queueing.follow_topic(topic.pk, topic.subforum_id)


@receiver(posts_moved)
def follow_the_posts(rearrangement: Rearrangement, **kwargs: object) -> None:
    queueing.follow_topic(rearrangement.source_id, rearrangement.source.subforum_id)
    queueing.follow_topic(rearrangement.target_id, rearrangement.target.subforum_id)


@receiver(post_changed)
def log_an_edit_by_a_moderator(post: Post, by: User, **kwargs: object) -> None:
    """Also what moderators change on the forum's own pages stands in the log, and is told to the author."""
    if by.pk == post.author_id or log.is_written_elsewhere():
        return
    edit = post.revisions.order_by("-number").first()
    why = Why(reason=edit.reason if edit else "")
    before, after = {"edits_count": post.edits_count - 1}, {"edits_count": post.edits_count}
    closed = queueing.settle(by, post, flags=Flag.Outcome.UPHELD)
    on_post(by, Verb.EDIT, why, post, before=before | {"closed": closed}, after=after)
