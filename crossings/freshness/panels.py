"""How far an answer may be trusted, said above its text; and on old topics, where the present is known."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

from crossings.freshness import queries
from crossings.freshness.queries import Found
from crossings.freshness.rules import State, Verdict
from crossings.links.queries import Linked, Page
from crossings.models import Crossing, CrossingReport, Status
from crossings.status import update
from crossings.wording import day_in_words
from forum.extensions.fragments import Part


def of_answers(page: Page, asked_by: int, confirms: Callable[[int], bool]) -> dict[int, Part]:
    """A part for each answer of a page of which there is something to say; `confirms` is asked by the author."""
    today = update.today()
    standing = [found for found in page.links if found.is_standing]
    crossings = [found.crossing for found in standing]
    known = [queries.known_of(found.crossing, found.history, found.newest, today) for found in standing]
    parts = {}
    for found in page.answers:
        if found.is_answer(crossings, asked_by) or found.facts.is_called_outdated:
            verdict = found.judge(crossings, known, today)
            if verdict.is_doubtful or found.confirmed_by:
                parts[found.post_id] = _age(found, verdict, standing, today, may_confirm=confirms(found.author_id))
    return parts


def of_old_topic(crossings: Sequence[Crossing]) -> Part:
    """Where to look first, when the topic is old."""
    named = tuple((crossing.name, crossing.get_absolute_url()) for crossing in crossings)
    return {"template": "crossings/_present.html", "key": ("present", *named), "crossings": named}


def _age(found: Found, verdict: Verdict, links: list[Linked], today: date, *, may_confirm: bool) -> Part:
    part: Part = {
        "template": "crossings/_age.html",
        "pk": found.post_id,
        "state": str(verdict.state),
        "speaks_for": verdict.speaks_for,
        "aged_on": verdict.aged_on,
        "outdated_count": found.facts.outdated_count,
        "called_on": found.facts.called_on,
        "called_by_expert_on": found.facts.called_by_expert_on,
        "marked_on": found.facts.marked_on if found.facts.is_marked else None,
        "confirmed_by": found.confirmed_by,
        "confirmed_on": found.facts.confirmed_on,
        "is_doubtful": verdict.is_doubtful,
        "may_confirm": may_confirm and verdict.is_doubtful,
        **_contradiction(verdict, links, today),
    }
    return part | {"key": tuple(part.items())}


def _contradiction(verdict: Verdict, links: list[Linked], today: date) -> dict[str, object]:
    """The report that says otherwise, in words."""
    if verdict.state != State.CONTRADICTED:
        return {}
    link = next(found for found in links if found.crossing.pk == verdict.crossing_id)
    return contradiction_in_words(link.crossing, link.newest, verdict.before, today)


def contradiction_in_words(
    crossing: Crossing, report: CrossingReport | None, before: str, today: date
) -> dict[str, object]:
    """What templates say of it. A verdict that names a crossing rests on a report of it."""
    report = cast(CrossingReport, report)
    return {
        "report_post": report.post_id,
        "report_day": day_in_words(report, today),
        "outcome": report.get_outcome_display(),
        "before": Status(before).label,
        "crossing": crossing.name,
        "crossing_slug": crossing.slug,
    }
