"""Who hears that a post was written or edited: each reader once, by the strongest reason that they have."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.members.named_members import members_named
from accounts.models import ExpertBadge, Ignored, User
from accounts.text import names
from crossings.models import CrossingReport, CrossingTopic
from forum import markup
from forum.models import Post, PostReference, PostRevision, Topic
from forum.models.subforum import readers_of
from notifications.models import Notification
from notifications.news.tell import Cause, cause_of_post, tell_all
from notifications.watches.watchers import (
    hears_mentions,
    watchers_of_new_topic,
    watchers_of_report,
    watchers_of_topic,
)

Kind = Notification.Kind
# Causes with the members whom they concern, the strongest first.
Reasons = list[tuple[Cause, Iterable[int]]]
# Topics are new for so long: linking an older one to a crossing notifies nobody.
NEW_FOR = timedelta(days=3)


def tell_of_post(post_id: int, *, is_just_written: bool = False) -> None:
    """Notify everybody whom a published post concerns. Idempotent."""
    if post := _readable(post_id):
        _tell_each_once(post, [*_addressed(post), *_watching(post)], is_just_written=is_just_written)


def tell_of_report(report_id: int) -> None:
    """A post that became a report, or is published with one, concerns those who watch its crossing, too."""
    report = CrossingReport.objects.readable_by_all().filter(pk=report_id).first()
    if report:
        tell_of_post(report.post_id)


def tell_of_topic(topic_id: int) -> None:
    """A new topic concerns others since somebody said which crossings it is about."""
    opened = Topic.objects.filter(pk=topic_id, is_running=False, opened_at__gt=timezone.now() - NEW_FOR).first()
    if opened and opened.opening_post_id:
        tell_of_post(opened.opening_post_id)


def tell_of_new_names(post_id: int, edit: int) -> None:
    """Notify the members whom an edit of a post names or quotes; those whom it named before know of it."""
    post = _readable(post_id)
    revision = PostRevision.objects.filter(post=post_id, number=edit).first()
    if post and revision:
        before = markup.references(revision.source)
        skeletons = [names.skeleton(name) for name in before.names]
        known = [member.pk for member in members_named(skeletons).values()]
        references = post.references.exclude(user__in=known).exclude(post__in=before.posts)
        _tell_each_once(post, _addressed(post, references))


def _readable(post_id: int) -> Post | None:
    posts = Post.objects.readable().filter(topic__hidden_at=None, topic__held_at=None)
    return posts.select_related("topic__subforum", "author").filter(pk=post_id).first()


def _tell_each_once(post: Post, reasons: Reasons, *, is_just_written: bool = False) -> None:
    told = {post.author_id, *Ignored.objects.ignoring_ids(post.author_id)}
    for cause, user_ids in reasons:
        new = set(user_ids) - told
        told |= new
        tell_all(new, cause, is_just_written=is_just_written)


def _addressed(post: Post, references: QuerySet[PostReference] | None = None) -> Reasons:
    """The authors of what it quotes, and the members whom it mentions."""
    named = post.references.all() if references is None else references
    quoted = named.filter(post__isnull=False).values_list("post__author", flat=True)
    mentioned = named.filter(user__isnull=False).values_list("user", flat=True)
    return [
        (cause_of_post(Kind.QUOTE, post), _hearing(post, quoted)),
        (cause_of_post(Kind.MENTION, post), _hearing(post, mentioned)),
    ]


def _hearing(post: Post, user_ids: Iterable[int]) -> list[int]:
    """Those of the members who may read the post, and want to hear of it."""
    heard = hears_mentions(post.topic, user_ids, by=post.author_id)
    readers = User.objects.filter(readers_of(post.topic.subforum), pk__in=heard, is_active=True)
    return list(readers.values_list("pk", flat=True))


def _watching(post: Post) -> Reasons:
    """Watchers of what it is about, experts who may know the answer, and those who follow its topic."""
    topic = post.topic
    reasons: Reasons = []
    if post.is_opening_post:
        reasons.append((cause_of_post(Kind.QUESTION, post), _experts(post)))
    if report := _told_report(post):
        reasons.append((_cause_of_report(report, post), watchers_of_report(report)))
    if post.number == 1:
        cause = cause_of_post(Kind.TOPIC, post, group=f"topics-{topic.subforum_id}")
        reasons.append((cause, watchers_of_new_topic(topic)))
    if not post.is_opening_post:
        cause = cause_of_post(Kind.REPLY, post, group=f"replies-{topic.pk}")
        reasons.append((cause, watchers_of_topic(topic)))  # who asked watches it, unless they chose otherwise
    return reasons


def _cause_of_report(report: CrossingReport, post: Post) -> Cause:
    """Without its day, whose display the author may delay."""
    subject = f"{report.crossing.name}: a new report, {report.get_outcome_display().lower()}"
    return cause_of_post(Kind.REPORT, post, subject=subject, group=f"reports-{report.crossing_id}")


def _told_report(post: Post) -> CrossingReport | None:
    """The report of a post, if it is news: not hearsay, nor of businesses, nor where not everybody may read it."""
    if post.author.trade_at is not None:
        return None
    reports = CrossingReport.objects.readable_by_all().select_related("crossing", "post__topic__subforum")
    return reports.filter(post=post, is_hearsay=False).first()


def _experts(post: Post) -> list[int]:
    """Experts of the countries of the crossings that a question is about."""
    links = CrossingTopic.objects.standing().filter(topic=post.topic_id)
    codes = {
        code for pair in links.values_list("crossing__country_a", "crossing__country_b") for code in pair
    }  # fmt: skip
    if not codes or CrossingReport.objects.filter(post=post).exists():
        return []
    badges = ExpertBadge.objects.awake().filter(countries__overlap=list(codes), user__is_active=True)
    experts = badges.filter(readers_of(post.topic.subforum, "user__")).values_list("user", flat=True)
    return sorted(hears_mentions(post.topic, experts, by=post.author_id))
