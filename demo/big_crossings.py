"""Crossings for the big forum, to measure on: every topic is about one, and one of them has hundreds of reports."""

import random
from datetime import date, timedelta

from django.utils import timezone

from crossings.editorial import importer
from crossings.links import about_columns
from crossings.models import Crossing, CrossingReport, CrossingTopic, Direction, Mode, Outcome
from crossings.status import update
from demo import board
from forum.models import Post, Topic

MOST_REPORTED = "torugart"
REPORTS_OF_THE_MOST_REPORTED = 500
REPORTS = 2_000


def plant_crossings() -> None:
    """Seed crossings of the file, link topics by words of titles, else in turn, and file reports on existing posts."""
    importer.load()
    dice = random.Random("borders")  # noqa: S311
    crossings = list(Crossing.objects.order_by("pk"))
    most = next(crossing for crossing in crossings if crossing.slug == MOST_REPORTED)
    now = timezone.now()
    topics = list(Topic.objects.order_by("pk").values_list("pk", "title"))
    CrossingTopic.objects.bulk_create(
        CrossingTopic(
            crossing=most if "Torugart" in title else crossings[place % len(crossings)],
            topic_id=pk, source=CrossingTopic.Source.GAZETTEER, linked_at=now,
        )
        for place, (pk, title) in enumerate(topics)
    )  # fmt: skip
    posts = list(Post.objects.order_by("-pk").values_list("pk", flat=True)[: REPORTS_OF_THE_MOST_REPORTED + REPORTS])
    CrossingReport.objects.bulk_create(
        _report(most if place < REPORTS_OF_THE_MOST_REPORTED else dice.choice(crossings), pk, now.date(), dice)
        for place, pk in enumerate(posts)
    )
    board.analyse(CrossingTopic, CrossingReport)
    about_columns.write_all()
    update.judge_all()


def _report(crossing: Crossing, post_id: int, today: date, dice: random.Random) -> CrossingReport:
    outcome = dice.choices(Outcome.values, weights=[60, 25, 5, 3, 4, 3])[0]
    return CrossingReport(
        crossing=crossing,
        post_id=post_id,
        crossed_on=today - timedelta(days=int(dice.expovariate(1 / 200))),
        direction=dice.choice(Direction.values),
        mode=dice.choice(Mode.values),
        outcome=outcome,
        reason="" if outcome in Outcome.passes() else "shut",
        minutes_at_exit=dice.randint(5, 120),
        minutes_at_entry=dice.randint(5, 120),
        papers=["visa"],
    )
