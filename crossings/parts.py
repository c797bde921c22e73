"""What crossings add to the forum's pages: chips in lists, and on a topic's page the cards, the reports of its posts,
notices, changes of status, and the way to the country pages in the rules. Each page costs one statement.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FETCH_RAISE, OuterRef, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from crossings import describing, judging, stamps
from crossings.models import Crossing, CrossingReport, CrossingTopic, Notice, ReportFee, Status, StatusChange
from crossings.models.crossing import shown_on
from crossings.permissions import can_attach_report, can_link
from forum.models import Post, Topic
from forum.parts import PageParts, Part, PostLike
from forum.permissions import can_edit

# How long a change of status is said on the topics about the crossing.
NEWS_FOR = timedelta(days=90)
CHIPS_SHOWN = 2

_REPORT = [
    "crossed_on", "only_month", "is_delayed", "is_hearsay", "direction", "outcome", "reason", "mode", "minutes_at_exit",
    "minutes_between", "minutes_at_entry", "days_waiting", "papers", "between", "unofficial_payment",
]  # fmt: skip
_FEE = ["amount", "currency", "purpose", "has_receipt"]
_NOTICE = ["kind", "text", "source", "begins_on", "ends_on"]
_CHANGE = ["changed_on", "after", "source"]


def of_list(user: User, topics: Sequence[Topic]) -> dict[int, list[Part]]:
    """A chip for each crossing that a topic of a list is about."""
    today = judging.today()
    chips: dict[int, list[Part]] = {}
    links = _links(today).standing().filter(topic__in=[topic.pk for topic in topics]).order_by("pk")
    for link in links.select_related("crossing").fetch_mode(FETCH_RAISE):
        parts = chips.setdefault(link.topic_id, [])
        if len(parts) < CHIPS_SHOWN:
            crossing = _crossing(link)
            stamp = stamps.stamp_of(crossing, today)
            key = (crossing.slug, crossing.name, stamp)
            parts.append({"template": "crossings/_chip.html", "key": key, "crossing": crossing, "stamp": stamp})
    return chips


def of_page(user: User, topic: Topic, rows: Sequence[PostLike]) -> PageParts:
    """Cards, report lines, notices, news and the countries of the crossings that a topic is about."""
    today = judging.today()
    parts = PageParts()
    by_pk = {row.pk: row for row in rows}
    standing = []
    for link in _links_of_page(topic, rows, today):
        crossing = _crossing(link)
        for told in link.reports:
            row = by_pk[told["post_id"]]
            parts.by_post[row.pk] = [_report_line(crossing, told, today, may_edit=can_edit(user, cast(Post, row)))]
        if link.removed_at is None:
            standing.append((crossing, link))
    for crossing, link in standing:
        parts.beside.append(_card(crossing, today))
        parts.above += [_notice(crossing, notice) for notice in link.notices]
        if link.change and link.change["changed_on"] >= topic.opened_at.date().isoformat():
            parts.above.append(_news(crossing, link.change))
    if can_link(user, topic):
        parts.beside.append({
            "template": "crossings/_link_crossings.html", "topic_id": topic.pk, "has_links": bool(standing),
            "key": ("links", topic.pk, bool(standing)),
        })  # fmt: skip
    parts.in_rules.append(_countries([crossing for crossing, _ in standing]))
    for row in rows:
        if row.pk not in parts.by_post and can_attach_report(user, cast(Post, row)):
            part = {
                "template": "crossings/_make_report.html",
                "key": ("make report", row.pk),
                "is_act": True,
                "pk": row.pk,
            }
            parts.by_post[row.pk] = [part]
    return parts


def _links(today: date):
    return CrossingTopic.objects.annotate(**shown_on(today, "crossing__"))


def _links_of_page(topic: Topic, rows: Sequence[PostLike], today: date):
    """All links of the topic with everything that is shown of them; of removed ones the reports still stand."""
    fees = ReportFee.objects.filter(report=OuterRef("pk")).order_by("pk").values(json=_json(_FEE))
    reports = CrossingReport.objects.filter(
        crossing=OuterRef("crossing"), post__in=[row.pk for row in rows] or [0]
    ).values(json=_json(["pk", "post_id", *_REPORT], fees=ArraySubquery(fees)))
    notices = Notice.objects.in_effect(today).filter(crossing=OuterRef("crossing")).values(json=_json(_NOTICE))
    changes = StatusChange.objects.filter(crossing=OuterRef("crossing"), changed_on__gte=today - NEWS_FOR)
    links = _links(today).filter(topic=topic).select_related("crossing__country_a", "crossing__country_b")
    return links.annotate(
        reports=ArraySubquery(reports),
        notices=ArraySubquery(notices),
        change=Subquery(changes.values(json=_json(_CHANGE))[:1]),
    ).order_by("pk").fetch_mode(FETCH_RAISE)  # fmt: skip


def _json(names: list[str], **more: Any) -> JSONObject:
    return JSONObject(**{name: name for name in names}, **more)


def _crossing(link: Any) -> Crossing:
    crossing = link.crossing
    crossing.shown_status, crossing.shown_source = link.shown_status, link.shown_source
    return crossing


def _card(crossing: Crossing, today: date) -> Part:
    stamp = stamps.stamp_of(crossing, today)
    key = ("card", crossing.pk, crossing.slug, crossing.name, crossing.altitude_m, crossing.kind, stamp)
    return {"template": "crossings/_card.html", "key": key, "crossing": crossing, "stamp": stamp}


def _notice(crossing: Crossing, told: dict) -> Part:
    """An official notice in effect, on every topic about its crossing."""
    notice = Notice(**told | {name: _day(told[name]) for name in ("begins_on", "ends_on")})
    return {"template": "crossings/_notice.html", "notice": notice, "crossing": crossing}


def _news(crossing: Crossing, told: dict) -> Part:
    change = StatusChange(**told | {"changed_on": _day(told["changed_on"])})
    colour = stamps.COLOURS[Status(change.after)]
    return {"template": "crossings/_news.html", "change": change, "colour": colour, "crossing": crossing}


def _report_line(crossing: Crossing, told: dict, today: date, *, may_edit: bool) -> Part:
    """The dense line above a story. It changes by itself when a delayed day may be told."""
    report = CrossingReport(
        crossing=crossing,
        pk=told["pk"],
        **{name: told[name] for name in _REPORT} | {"crossed_on": _day(told["crossed_on"])},
    )
    phrases = describing.line_of(report, [ReportFee(**fee) for fee in told["fees"]], today)
    part = {
        "template": "crossings/_report_line.html",
        "crossing": crossing,
        "title": "Heard, not seen" if report.is_hearsay else report.get_outcome_display(),
        "colour": "unknown" if report.is_hearsay else describing.colour_of(report.outcome),
        "icon": describing.ICONS[report.mode],  # type: ignore[index]
        "phrases": phrases,
        "pk": report.pk,
        "may_edit": may_edit,
    }
    return part | {"key": ("report", report.pk, crossing.slug, crossing.name, part["title"], may_edit, *phrases)}


def _countries(crossings: list[Crossing]) -> Part:
    """The rules say: read the country article first. So they lead to the countries at hand, and to all of them."""
    countries = {country.code: country for crossing in crossings for country in crossing.countries}
    key = ("countries", *((country.code, country.name) for country in countries.values()))
    named = [(crossing.slug, crossing.name) for crossing in crossings]
    return {
        "template": "crossings/_countries_in_rules.html", "key": (*key, *named), "countries": list(countries.values()),
        "crossings": crossings,
    }  # fmt: skip


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
