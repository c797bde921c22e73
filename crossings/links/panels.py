"""What crossings add to the forum's pages: chips in lists, and on a topic's page the cards, the reports of its posts,
notices, changes of status, and the way to the country pages in the rules.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial

from accounts.readers import Reader
from crossings import wording
from crossings.freshness import panels
from crossings.links import queries
from crossings.links.queries import Linked
from crossings.models import Crossing, CrossingReport, Notice, ReportFee, Status, StatusChange
from crossings.permissions import can_attach_report, can_confirm, can_link
from crossings.status import stamp, update
from forum.extensions.fragments import PageParts, Part
from forum.models import Topic
from forum.models.topic import page_of
from forum.permissions import PostFacts, can_edit

CHIPS_SHOWN = 2


def of_list(user: Reader, topics: Sequence[Topic]) -> dict[int, list[Part]]:
    """A chip for each crossing that a topic of a list is about."""
    chips: dict[int, list[Part]] = {}
    for topic_id, found in queries.of_topics([topic.pk for topic in topics]):
        parts = chips.setdefault(topic_id, [])
        if len(parts) < CHIPS_SHOWN:
            parts.append(_chip(found))
    return chips


def of_page(user: Reader, topic: Topic, rows: Sequence[PostFacts]) -> PageParts:
    """Cards, report lines, notices, news and the countries of the crossings that a topic is about."""
    size = user.posts_per_page
    page = page_of(rows[0].number, size) if rows else 1
    found_here = queries.of_page(topic, (page - 1) * size + 1, page * size)
    standing = [found for found in found_here.links if found.is_standing]
    crossings = [found.crossing for found in standing]
    parts = PageParts(by_post=_of_posts(user, found_here.links, rows))
    confirms = partial(can_confirm, user, topic, crossings)
    for pk, part in panels.of_answers(found_here, topic.author_id, confirms).items():
        parts.by_post.setdefault(pk, []).append(part)
    for found in standing:
        parts.beside.append(_card(found))
        parts.above += [_notice(found.crossing, notice) for notice in found.notices]
        if found.change and found.change.changed_on >= topic.opened_at.date():
            parts.above.append(_news(found.crossing, found.change))
    if can_link(user, topic):
        parts.beside.append(_link_crossings(topic, has_links=bool(standing)))
    if crossings:
        parts.in_age.append(panels.of_old_topic(crossings))
    parts.in_rules.append(_countries(crossings))
    return parts


def _of_posts(user: Reader, links: list[Linked], rows: Sequence[PostFacts]) -> dict[int, list[Part]]:
    """The line of each report, and for authors the way to make a report of what they wrote."""
    today = update.today()
    told = {pk: (report, fees) for found in links for pk, report, fees in found.reports}
    parts: dict[int, list[Part]] = {}
    for row in rows:
        if row.pk in told:
            parts[row.pk] = [_report_line(*told[row.pk], today, may_edit=can_edit(user, row))]
        elif can_attach_report(user, row):
            parts[row.pk] = [_make_report(row.pk)]
    return parts


def _chip(found: Linked) -> Part:
    crossing = found.crossing
    return {
        "template": "crossings/_chip.html",
        "key": ("chip", crossing.slug, crossing.name, found.stamp),
        "crossing": crossing,
        "stamp": found.stamp,
    }


def _card(found: Linked) -> Part:
    crossing = found.crossing
    countries = tuple((country.code, country.name) for country in crossing.countries)
    return {
        "template": "crossings/_card.html",
        "key": ("card", crossing.pk, crossing.slug, crossing.name, crossing.altitude_m, countries, found.stamp),
        "crossing": crossing,
        "stamp": found.stamp,
    }


def _link_crossings(topic: Topic, *, has_links: bool) -> Part:
    return {
        "template": "crossings/_link_crossings.html",
        "key": ("links", topic.pk, has_links),
        "topic_id": topic.pk,
        "has_links": has_links,
    }


def _notice(crossing: Crossing, notice: Notice) -> Part:
    """An official notice in effect, on every topic about its crossing."""
    said = (notice.kind, notice.text, notice.source, notice.begins_on, notice.ends_on)
    return {
        "template": "crossings/_notice.html",
        "key": ("notice", crossing.slug, crossing.name, *said),
        "notice": notice,
        "crossing": crossing,
    }


def _news(crossing: Crossing, change: StatusChange) -> Part:
    return {
        "template": "crossings/_news.html",
        "key": ("news", crossing.slug, crossing.name, change.changed_on, change.after, change.source),
        "change": change,
        "colour": stamp.COLOURS[Status(change.after)],
        "crossing": crossing,
    }


def _make_report(post_id: int) -> Part:
    return {
        "template": "crossings/_make_report.html",
        "key": ("make report", post_id),
        "is_act": True,
        "pk": post_id,
    }


def _report_line(report: CrossingReport, fees: list[ReportFee], today: date, *, may_edit: bool) -> Part:
    """The dense line above a story. It changes by itself when a delayed day becomes public."""
    crossing = report.crossing
    phrases = wording.line_of(report, fees, today)
    title = "Heard, not seen" if report.is_hearsay else report.get_outcome_display()
    return {
        "template": "crossings/_report_line.html",
        "key": ("report", report.pk, crossing.slug, crossing.name, title, may_edit, *phrases),
        "crossing": crossing,
        "title": title,
        "colour": "unknown" if report.is_hearsay else wording.colour_of(report.outcome),
        "icon": wording.ICONS[report.mode],  # type: ignore[index]
        "phrases": phrases,
        "pk": report.pk,
        "may_edit": may_edit,
    }


def _countries(crossings: list[Crossing]) -> Part:
    """The rules say: read the country article first. So they lead to the countries at hand, and to all of them."""
    countries = {country.code: country for crossing in crossings for country in crossing.countries}
    key = ("countries", *((country.code, country.name) for country in countries.values()))
    named = [(crossing.slug, crossing.name) for crossing in crossings]
    return {
        "template": "crossings/_countries_in_rules.html", "key": (*key, *named), "countries": list(countries.values()),
        "crossings": crossings,
    }  # fmt: skip
