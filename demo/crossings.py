"""The demo's crossings: real places, fictional reports. Seeded with the forum's demo, in its transaction."""

import csv
import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from crossings.editorial import importer
from crossings.links import about_columns
from crossings.models import (
    Crossing,
    CrossingReport,
    CrossingTopic,
    Notice,
    ReportFee,
    Status,
    StatusChange,
    StatusSource,
)
from crossings.models.report import Outcome
from crossings.reports.actions import reports_subforum, title_of
from crossings.status import update
from crossings.status.evidence import kept
from demo import board
from demo.country_articles import plant_articles
from demo.gate_hours import plant_hours
from forum.counters.recount import recount
from forum.models import Post, Topic

FOLDER = Path(__file__).parent
CHANGED_WITHIN = timedelta(days=30)
KEYS = UUID("8f0d9c1e-6f8f-4d53-9a3b-53c1a5d0b7e2")


def plant_crossings(topics: dict[int, Topic], rows: list[dict], users: dict[str, User]) -> None:
    """Seed crossings of the file, links of the corpus' topics, and reports; `topics` by their number in the corpus."""
    importer.load()
    board.analyse(User, Topic, Post, Crossing)
    crossings = {crossing.slug: crossing for crossing in Crossing.objects.with_countries()}
    _link(topics, rows, crossings)
    _report_in_topics(topics, crossings)
    _report_since(crossings, users)
    _notices(crossings, users)
    board.analyse(CrossingTopic, CrossingReport)  # each post's hours that are planted judge a crossing by its reports
    plant_hours(next(user for user in users.values() if user.is_staff))
    plant_articles(next(user for user in users.values() if user.is_staff))
    about_columns.write_all()
    recount(mend=True)
    board.give_trust()
    update.judge_all()
    _status_changes()


def _link(topics: dict[int, Topic], rows: list[dict], crossings: dict[str, Crossing]) -> None:
    """Link topics of the corpus to their crossings, as their authors."""
    CrossingTopic.objects.bulk_create(
        CrossingTopic(
            crossing=crossings[slug], topic=topics[row["id"]], source=CrossingTopic.Source.AUTHOR,
            linked_by_id=topics[row["id"]].author_id, linked_at=topics[row["id"]].opened_at,
        )
        for row in rows
        for slug in row["crossings"]
    )  # fmt: skip


def _report_in_topics(topics: dict[int, Topic], crossings: dict[str, Crossing]) -> None:
    """Reports for the opening posts of the corpus' report topics."""
    with (FOLDER / "told_in_topics.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            topic, crossing = topics[int(row["topic"])], crossings[row["crossing"]]
            report = CrossingReport(
                crossing=crossing,
                post=topic.opening_post,
                crossed_on=(topic.opened_at - timedelta(days=int(row["days_before"]))).date(),
                direction=row["direction"],
                mode=row["mode"],
                outcome=row["outcome"],
                minutes_at_exit=_minutes(row["exit"]),
                minutes_between=_minutes(row["between"]),
                minutes_at_entry=_minutes(row["entry"]),
                papers=row["papers"].split("|") if row["papers"] else [],
                between=row["between_by"],
            )
            name, _, value = row["more"].partition("=")
            if name:
                setattr(report, name, value.split("|") if name == "checks" else value)
            report.save()


def _report_since(crossings: dict[str, Crossing], users: dict[str, User]) -> None:
    """What was told later, in the crossings' report topics, oldest first: fresh, contradicted, turned back, expired."""
    told = [json.loads(line) for line in (FOLDER / "told_since.jsonl").read_text().splitlines()]
    now = timezone.now().replace(minute=20, second=0, microsecond=0)
    for number, row in sorted(enumerate(told), key=lambda item: -item[1]["days"]):
        crossing, author = crossings[row["crossing"]], users[row["author"]]
        crossed_at = now - timedelta(days=row["days"])
        written_at = min(crossed_at + timedelta(hours=14), now)
        post = _post(crossing, author, row["story"], written_at, uuid5(KEYS, str(number)))
        report = CrossingReport.objects.create(
            crossing=crossing,
            post=post,
            crossed_on=crossed_at.date(),
            is_delayed=row.get("delayed", False),
            is_hearsay=row.get("hearsay", False),
            direction=row["direction"],
            mode=row["mode"],
            outcome=row["outcome"],
            reason="" if row["outcome"] in Outcome.passes() else row.get("reason", ""),
            minutes_at_exit=row.get("exit"),
            minutes_between=row.get("between"),
            minutes_at_entry=row.get("entry"),
            papers=row.get("papers", []),
            between=row.get("between_by", ""),
            checks=row.get("checks", []),
            road_b=row.get("road_b", ""),
        )
        if fee := row.get("fee"):
            ReportFee.objects.create(report=report, amount=Decimal(fee[0]), currency=fee[1], purpose=fee[2])


def _post(crossing: Crossing, author: User, story: str, written_at: datetime, key: UUID) -> Post:
    """A post at the end of the crossing's running report topic, opened with it if there is none."""
    topic = crossing.report_topic
    if topic is None:
        topic = board.make_topic(reports_subforum(), title_of(crossing), author, written_at, is_running=True)
        crossing.report_topic = topic
        Crossing.objects.filter(pk=crossing.pk).update(report_topic=topic)
        CrossingTopic.objects.create(
            crossing=crossing, topic=topic, source=CrossingTopic.Source.REPORT, linked_by=author, linked_at=written_at
        )
    post = board.write_post(topic, topic.last_number + 1, author, story, written_at, key)
    topic.last_number = post.number
    Topic.objects.filter(pk=topic.pk).update(
        last_post=post, last_post_at=written_at, last_number=post.number, posts_count=F("posts_count") + 1
    )
    return post


def _notices(crossings: dict[str, Crossing], users: dict[str, User]) -> None:
    """One notice that is still ahead and one of danger, both made up."""
    today = update.today()
    administrator = next(user for user in users.values() if user.is_staff)
    made = [
        ("irkeshtam", Notice.Kind.HOLIDAY, "Demo notice: both sides keep a holiday.", 9, 11),
        ("lars", Notice.Kind.DANGER, "Demo notice: avalanche danger on the northern ramp.", -2, 12),
    ]
    for slug, kind, text, begins, ends in made:
        Notice.objects.create(
            crossing=crossings[slug], kind=kind, text=text, source="https://notices.example/demo",
            begins_on=today + timedelta(days=begins), ends_on=today + timedelta(days=ends),
            entered_by=administrator, entered_at=timezone.now(),
        )  # fmt: skip


def _status_changes() -> None:
    """The history of crossings that recent reports tell of: before those, nobody knew, or the older side spoke."""
    today = update.today()
    told = Crossing.objects.with_status(today).filter(newest_on__gt=today - CHANGED_WITHIN)
    changes = [
        (crossing, crossing.newest_on, _before(crossing))
        for crossing in told
        if crossing.newest_on and crossing.shown_source == StatusSource.REPORTS
    ]
    StatusChange.objects.bulk_create(
        StatusChange(
            crossing=crossing, changed_on=day, before=before, after=crossing.shown_status,
            source=StatusSource.REPORTS, noted_at=timezone.now(),
        )
        for crossing, day, before in changes
        if before != crossing.shown_status
    )  # fmt: skip


def _before(crossing: Crossing) -> Status:
    if crossing.shown_status != Status.DISPUTED:
        return Status.STALE
    *_, older = kept(crossing.evidence)
    return Status.CLOSED if older.is_shut else Status.OPEN


def _minutes(written: str) -> int | None:
    return int(written) if written else None
