"""Who hears what became of an answer: its author, and of an edit those who vouched for it."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import Ignored, NewsVersion, User
from crossings.freshness.contradicted import contradicted_answers
from crossings.models import AnswerConfirmation, CrossingReport, StatusChange
from forum.models import Answer, Post, Reaction
from forum.models.subforum import readers_of
from notifications.models import Notification
from notifications.news.tell import Cause, tell_all
from notifications.watches.watchers import hears_mentions

Kind = Notification.Kind


def tell_of_acceptance(post_id: int) -> None:
    answer = Answer.objects.standing().select_related("post__topic__subforum").filter(post=post_id).first()
    if answer:
        _tell_author(answer.post, Kind.ACCEPTED, f"accepted-{post_id}", by=answer.accepted_by_id)


def tell_of_reaction(post_id: int, user_id: int, kind: str) -> None:
    """Thanks are told as reactions, and "still true" and "outdated" as what is said of an answer."""
    given = Reaction.objects.select_related("post__topic__subforum").filter(post=post_id, user=user_id, kind=kind)
    if reaction := given.first():
        told = Kind.REACTION if kind == Reaction.Kind.HELPFUL else Kind.ANSWER
        # The group is looked at when it is shown: a reaction that was taken back is no news (models/notification.py).
        group = f"{kind}-{post_id}"
        _tell_author(reaction.post, told, f"{group}-{user_id}", by=user_id, group=group)


def tell_of_confirmation(post_id: int, user_id: int, on: str) -> None:
    """An expert said `on` this day (ISO) that an answer still holds."""
    said = AnswerConfirmation.objects.select_related("post__topic__subforum").filter(post=post_id, by=user_id).first()
    if said:
        key = f"confirmed-{post_id}-{user_id}-{date.fromisoformat(on)}"
        _tell_author(said.post, Kind.ANSWER, key, by=user_id, group=f"confirmed-{post_id}")


def tell_of_contradictions(cause: QuerySet[CrossingReport] | QuerySet[StatusChange]) -> None:
    """Notify the authors of answers that the newest report of a crossing contradicts, after that report or a change of
    status; once for each report."""
    for crossing_id in cause.values_list("crossing", flat=True):
        for answer, report in contradicted_answers(crossing_id):
            group = f"contradicted-{answer.pk}"
            _tell_author(answer, Kind.ANSWER, f"{group}-{report.pk}", by=report.author_id, group=group, on=report)


def tell_of_change(post_id: int, edit: int, user_id: int) -> None:
    """Notify those who accepted a post, or said that it is still true or outdated, that it says something else now."""
    post = Post.objects.readable().select_related("topic__subforum").filter(pk=post_id).first()
    if post is None or not post.topic.is_readable or post.is_opening_post:
        return
    vouched = Reaction.objects.filter(post=post).exclude(kind=Reaction.Kind.HELPFUL).values("user")
    accepted = Answer.objects.standing().filter(post=post).values("accepted_by")
    markers = User.objects.filter(readers_of(post.topic.subforum), is_active=True, pk__in=vouched.union(accepted))
    told = set(markers.values_list("pk", flat=True)) - {post.author_id, user_id}
    cause = _cause(post, Kind.CHANGED, f"changed-{post_id}-{edit}", by=user_id, group=f"changed-{post_id}")
    tell_all(hears_mentions(post.topic, told - Ignored.objects.ignoring_ids(user_id), by=user_id), cause)


def _tell_author(post: Post, kind: Kind, key: str, *, by: int, group: str = "", on: Post | None = None) -> None:
    """Nobody hears of what they did themselves, or of members whom they ignore."""
    authors = User.objects.filter(readers_of(post.topic.subforum), pk=post.author_id, is_active=True)
    told = set(authors.exclude(pk=by).values_list("pk", flat=True)) - Ignored.objects.ignoring_ids(by)
    tell_all(told, _cause(post, kind, key, by=by, group=group, on=on))
    NewsVersion.bump(told)  # what was taken back and given again is told already, and counts again


def _cause(post: Post, kind: Kind, key: str, *, by: int, group: str, on: Post | None = None) -> Cause:
    return Cause(kind, key, post.get_absolute_url(), group=group, actor_id=by, post=post, rests_on=on)
