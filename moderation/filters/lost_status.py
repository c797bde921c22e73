"""What the status of a crossing loses when flags hold a report: said to the moderators who decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crossings.models import Crossing, CrossingReport
from crossings.models.crossing import Status
from crossings.status import update
from forum.models import Post


@dataclass
class Lost:
    """For moderators, in words; "" for a post without a report."""

    words: str = ""


@contextmanager
def noted(post: Post) -> Iterator[Lost]:
    """Context manager: compares the shown status before and after, judging the crossing at once; `words` tell it."""
    lost = Lost()
    report = CrossingReport.objects.filter(post=post).first()
    if report is None:
        yield lost
        return
    before = _shown(report)
    yield lost
    update.judge(report.crossing_id)
    lost.words = _words(before, _shown(report))


def _shown(report: CrossingReport) -> Crossing:
    return Crossing.objects.with_status(update.today()).get(pk=report.crossing_id)


def _words(before: Crossing, now: Crossing) -> str:
    with_it, without = (Status(crossing.shown_status).label for crossing in (before, now))
    if with_it == without:
        return f"A report on {now.name}, whose status stays without it: {without}."
    return f"A report on {now.name}. With it the status was: {with_it}. While it waits: {without}."
