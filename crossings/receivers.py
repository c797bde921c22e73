"""What follows for crossings from what happens in the forum, in the same transaction or right after it."""

from collections.abc import Iterable

from django.dispatch import receiver

from accounts.models import BadgeSubject, User
from crossings import tasks
from crossings.links import actions, rearranged_topics
from crossings.models import BadgeApplication, CrossingReport, CrossingTopic
from crossings.signals import answer_confirmed, report_counted
from crossings.status import update
from forum import signals
from forum.models import Post, Rearrangement, Subforum, Topic
from forum.receivers import wake_by_use
from pagecache.prepared import run
from pagecache.tasks import soon


@receiver(signals.post_published)
def count_report(post: Post, **kwargs: object) -> None:
    """A report counts from when its story can be read; pages of linked crossings show the topic's newest post."""
    actions.end_pages_linked_with(post.topic_id)
    if run("SELECT id FROM crossings_crossingreport WHERE post_id = %s", [post.pk], writes=CrossingReport):
        report = CrossingReport.objects.get(post=post)
        update.judge(report.crossing_id)
        report_counted.send(CrossingReport, report=report)


@receiver(signals.subject_renamed)
def rename_what_is_asked_for(before: str, subject: BadgeSubject, **kwargs: object) -> None:
    BadgeApplication.objects.filter(subject=before).update(subject=subject.name)


@receiver([signals.post_changed, signals.answer_accepted, signals.answer_withdrawn])
def show_change(post: Post, **kwargs: object) -> None:
    """Pages of crossings show titles, answers and what reports tell, also of a topic whose link was removed."""
    actions.end_pages_of(_linked(post.topic_id))


@receiver(signals.post_changed)
def leave_story_to_its_author(post: Post, **kwargs: object) -> None:
    """What somebody has edited follows the facts of its report no longer."""
    CrossingReport.objects.filter(post=post, story_from_facts=True).update(story_from_facts=False)


@receiver(signals.post_hidden)
def stop_counting_report(post: Post, **kwargs: object) -> None:
    _end_pages_and_judge_soon(_linked(post.topic_id))


@receiver(signals.topic_hidden)
def stop_counting_reports(topic: Topic, **kwargs: object) -> None:
    _end_pages_and_judge_soon(_linked(topic.pk))


@receiver(signals.post_restored)
def count_report_again(post: Post, **kwargs: object) -> None:
    _end_pages_and_judge_soon(_linked(post.topic_id))


@receiver(signals.topic_restored)
def count_reports_again(topic: Topic, **kwargs: object) -> None:
    _end_pages_and_judge_soon(_linked(topic.pk))


@receiver(signals.topic_moved)
def count_reports_elsewhere(topic: Topic, **kwargs: object) -> None:
    """Only what everybody may read counts, and pages of crossings say in which subforum a topic is."""
    actions.end_pages_linked_with(topic.pk)
    _judge_soon(_linked(topic.pk))


@receiver(signals.expert_replies_counted)
def show_answered(topic_ids: Iterable[int], **kwargs: object) -> None:
    """Pages of crossings show which questions have no answer yet."""
    links = CrossingTopic.objects.standing().filter(topic__in=topic_ids)
    actions.end_pages_of(set(links.values_list("crossing", flat=True)))


@receiver(answer_confirmed)
def wake_by_confirmation(post: Post, by: User, **kwargs: object) -> None:
    wake_by_use(by.pk, post.topic_id)


@receiver(signals.posts_moved)
def follow_posts(rearrangement: Rearrangement, is_undone: bool, **kwargs: object) -> None:
    """Links follow, and reports that can be read by others now, or no longer, count so."""
    rearranged_topics.follow(rearrangement, is_undone=is_undone)
    both = {rearrangement.source_id, rearrangement.target_id}
    _judge_soon({pk for topic_id in both for pk in _linked(topic_id)})


@receiver(signals.access_changed)
def count_reports_anew(subforum: Subforum, **kwargs: object) -> None:
    """Only what everybody may read counts."""
    _judge_soon(_concerned(topic__subforum=subforum))


def _linked(topic_id: int) -> list[int]:
    return _concerned(topic=topic_id)


def _concerned(**topics: object) -> list[int]:
    """What topics are about, and what their posts report of: when a link is removed, its reports still count."""
    links = CrossingTopic.objects.standing().filter(**topics)
    reports = CrossingReport.objects.filter(**{f"post__{name}": value for name, value in topics.items()})
    both = [found.order_by().values_list("crossing", flat=True) for found in (links, reports)]
    return sorted(both[0].union(both[1]))


def _end_pages_and_judge_soon(crossing_ids: list[int]) -> None:
    """What is hidden goes from pages of crossings and the home page at once; what follows for the status is a task."""
    actions.end_pages_of(crossing_ids)
    _judge_soon(crossing_ids)


def _judge_soon(crossing_ids: Iterable[int]) -> None:
    if found := sorted(crossing_ids):
        soon(tasks.judge_crossings, found)
