"""Filing what one saw at a crossing: a post that tells the story, and beside it the facts that count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.readers import ReaderFacts
from crossings import signals, wording
from crossings.links import about_columns, actions
from crossings.models import Crossing, CrossingReport, ReportFee, ReportRevision
from crossings.models.link import CrossingTopic
from crossings.permissions import can_attach_report, can_edit_report, can_report
from crossings.status import update
from forum.actions import edits, posts
from forum.counters import increments, locks
from forum.models import Post, Section, Subforum, Topic
from forum.permissions import NotAllowed, can_reply, can_reply_first
from pagecache.versions import bump


@dataclass
class ReportedAlready(Exception):
    """The post carries a report by now."""

    report: CrossingReport


@dataclass
class ChangedMeanwhile(Exception):
    """Somebody else changed the facts since the form was opened."""

    report: CrossingReport


@transaction.atomic
def file_report(
    user: User,
    crossing: Crossing,
    report: CrossingReport,
    *,
    source: str,
    fees: Sequence[ReportFee] = (),
    idempotency_key: UUID | None = None,
    also: Sequence[Callable[[Post], object]] = (),
) -> CrossingReport:
    """Write the story into the crossing's running report topic, opened now if there is none, and the report beside it.

    `report` and `fees` are what was typed, not yet saved; `also` is done with the new post, in the same transaction.
    The same key and story again: the same report. Raises what forum.actions.reply raises.
    """
    if not can_report(user):
        raise NotAllowed
    _one_at_a_time(f"report topic {crossing.pk}")
    topic = report_topic(crossing)
    also = [partial(_write, crossing, report, fees), *also]
    if topic is None or not can_reply(user, topic):
        # The one before, if there was one, stays where moderators locked, hid or moved it.
        topic = posts.open_running_topic(user, reports_subforum(), title=title_of(crossing))
        also.append(partial(_remember_topic, crossing))
    post = posts.reply(user, topic, source=source, idempotency_key=idempotency_key, also=also)
    return CrossingReport.objects.select_related("post__topic", "crossing").get(post=post)


@transaction.atomic
def attach_report(
    user: User, post: Post, crossing: Crossing, report: CrossingReport, *, fees: Sequence[ReportFee] = ()
) -> CrossingReport:
    """Make a report of a post that stands already. Raises NotAllowed, and ReportedAlready if it carries one."""
    post = locks.lock_post(post)
    if not can_attach_report(user, post):
        raise NotAllowed
    if found := CrossingReport.objects.filter(post=post).first():
        raise ReportedAlready(found)
    _write(crossing, report, fees, post)
    _end_pages(post)
    update.judge(crossing.pk)
    signals.report_counted.send(CrossingReport, report=report)
    return report


@transaction.atomic
def edit_report(
    user: User, report: CrossingReport, *, facts: dict, fees: Sequence[ReportFee], based_on: int
) -> CrossingReport:
    """Change the facts of a report; what it said before is kept. The same facts again change nothing.

    `based_on` is the `edits_count` that the editor began with. Raises NotAllowed and ChangedMeanwhile.
    """
    post = locks.lock_post(report.post)
    report = (
        CrossingReport.objects.select_related("crossing").select_for_update(no_key=True, of=("self",)).get(pk=report.pk)
    )
    report.post = post
    paid = list(report.fees.all())
    before = wording.facts_in_words(report, paid)
    sentence = wording.sentence_of(report, paid, timezone.localdate())
    for name, value in facts.items():
        setattr(report, name, value)
    after = wording.facts_in_words(report, fees)
    if before == after:
        return report
    if not can_edit_report(user, report):
        raise NotAllowed
    if report.edits_count != based_on:
        raise ChangedMeanwhile(CrossingReport.objects.get(pk=report.pk))
    report.edits_count += 1
    ReportRevision.objects.create(
        report=report, number=report.edits_count, facts=before, edited_by=user, edited_at=timezone.now()
    )
    report.save()
    report.fees.all().delete()
    _write_fees(report, fees)
    if report.story_from_facts or post.source.startswith(sentence):
        # Also the sentence that its author has added to: a day that is hidden now must not stand in our words.
        added = "" if report.story_from_facts else post.source.removeprefix(sentence)
        edits.rewrite(post, wording.sentence_of(report, fees, timezone.localdate()) + added)
    _end_pages(post)
    actions.end_pages_of([report.crossing_id])
    update.judge(report.crossing_id)
    return report


def same_day_reports(user: User, crossing: Crossing, report: CrossingReport) -> list[CrossingReport]:
    """What the same author has said already of the same crossing, day and direction: perhaps by mistake twice."""
    found = CrossingReport.objects.filter(
        crossing=crossing, post__author=user, crossed_on=report.crossed_on, direction=report.direction
    )
    return list(found.filter(post__hidden_at=None).exclude(pk=report.pk).select_related("post")[:3])


def report_topic(crossing: Crossing) -> Topic | None:
    """The running topic of a crossing's reports, locked by this transaction, if one stands and takes more."""
    topic = _topic_on_record(crossing)
    if topic is None:
        return None
    topic = locks.lock_topic(topic)  # or a moderator locks it between this look and the reply
    return topic if _takes_more(topic) else None


def _topic_on_record(crossing: Crossing) -> Topic | None:
    topics = Topic.objects.filter(pk__in=Crossing.objects.filter(pk=crossing.pk).values("report_topic"))
    return topics.select_related("subforum").first()


def _takes_more(topic: Topic) -> bool:
    is_public = topic.is_readable and topic.subforum.is_readable_by_all
    return topic.is_running and is_public and not topic.is_locked


@dataclass(frozen=True)
class Place:
    """Where the next report of a crossing would stand: a topic or, if it is yet to be opened, its title; and in which
    subforum, None if that is yet to be made."""

    title: str
    topic: Topic | None
    subforum: Subforum | None


def next_place(user: ReaderFacts, crossing: Crossing) -> Place:
    topic = _topic_on_record(crossing)
    if topic is not None and _takes_more(topic) and (can_reply(user, topic) or can_reply_first(user, topic)):
        return Place(topic.title, topic, topic.subforum)
    return Place(title_of(crossing), None, Subforum.objects.filter(slug=settings.REPORTS_SUBFORUM).first())


def title_of(crossing: Crossing) -> str:
    """The title of a crossing's running report topic, given when it is opened."""
    return f"{crossing.name}: crossing reports"


def reports_subforum() -> Subforum:
    """Where report topics are opened: made now if the forum has none."""
    slug = settings.REPORTS_SUBFORUM
    found = Subforum.objects.filter(slug=slug).first()
    if found is not None:
        return found
    _one_at_a_time("reports subforum")
    section, _ = Section.objects.get_or_create(name="Crossings", defaults={"position": 0})
    values = {"section": section, "name": "Crossing reports", "description": "You crossed, or were turned back."}
    return Subforum.objects.get_or_create(slug=slug, defaults=values | {"icon": "swap", "takes_questions": False})[0]


def _one_at_a_time(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [what])


def _write(crossing: Crossing, report: CrossingReport, fees: Sequence[ReportFee], post: Post) -> None:
    """The report of a post that this transaction has locked or just made, with its topic."""
    report.crossing, report.post = crossing, post
    report.save(force_insert=True)
    _write_fees(report, fees)
    is_new = actions.link_topic(post.topic, crossing, source=CrossingTopic.Source.REPORT, by=post.author)
    if post.is_opening_post and not is_new:
        about_columns.write([post.topic_id])  # it tells of the crossing now, and asks no more


def _write_fees(report: CrossingReport, fees: Sequence[ReportFee]) -> None:
    for fee in fees:
        fee.pk, fee.report = None, report
    ReportFee.objects.bulk_create(fees)


def _remember_topic(crossing: Crossing, post: Post) -> None:
    """With the post: crossings are locked after users."""
    bump(Crossing, crossing.pk, report_topic=post.topic)


def _end_pages(post: Post) -> None:
    """The line above the story is part of the post."""
    bump(Post, post.pk)
    increments.raise_version(post.topic)
