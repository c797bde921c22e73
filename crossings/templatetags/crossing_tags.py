"""Crossings in templates: their stamps, the words and drawings of reports, and the permissions as filters."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crossings import permissions, wording
from crossings.editorial.importer import link_of
from crossings.models import Confidence, Crossing, CrossingFact, CrossingReport, Hours, Notice
from crossings.status.lead import lead_of
from crossings.status.stamp import Stamp, stamp_of
from crossings.status.update import today

register = template.Library()

for _rule in (
    permissions.can_attach_report,
    permissions.can_edit_country,
    permissions.can_edit_crossing,
    permissions.can_edit_hours,
    permissions.can_edit_place,
    permissions.can_edit_report,
    permissions.can_enter_notice,
    permissions.can_link,
    permissions.can_report,
):
    register.filter(_rule.__name__, _rule)


@register.filter
def stamp(crossing: Crossing) -> Stamp:
    """The stamp of today of a crossing that with_status has told what is shown."""
    return stamp_of(crossing, today())


@register.filter
def lead(crossing: Crossing) -> str:
    """The sentence that answers whether one can cross, of a crossing that with_status has told what is shown."""
    return lead_of(crossing, stamp(crossing), today())


@register.filter
def place_in_words(crossing: Crossing) -> str:
    """ "40.55 N, 75.39 E"."""
    north = f"{abs(crossing.latitude):.2f} {'S' if crossing.latitude < 0 else 'N'}"
    return f"{north}, {abs(crossing.longitude):.2f} {'W' if crossing.longitude < 0 else 'E'}"


@register.filter
def outcome_colour(outcome: str) -> str:
    return wording.colour_of(outcome)


@register.filter
def mode_icon(mode: str) -> str:
    return wording.ICONS[mode]  # type: ignore[index]


@register.filter
def facts(report: CrossingReport) -> list[tuple[str, str]]:
    """What a report says beside its story, with its fees at hand."""
    return list(wording.facts_in_words(report, report.fees.all()).items())


@register.filter
def as_part(notice: Notice) -> dict:
    """A notice on the page of its own crossing, which needs no name."""
    return {"notice": notice}


@register.simple_tag
def source(said: Crossing | CrossingFact | Hours) -> SafeString:
    """Where the editors have it from, and how sure they are of it. Addresses are links; words beside them stay, such as
    what of it is general knowledge."""
    parts = format_html_join(" ", "{}", ((_linked(part),) for part in said.source.split()))
    return format_html("{}, {}", parts, _HOW_SURE[Confidence(said.confidence)])


def _linked(part: str) -> str:
    address = part.rstrip(";,")
    if not link_of(address):
        return part
    return format_html('<a href="{}" rel="nofollow noopener">source</a>{}', address, part[len(address) :])


_HOW_SURE = {
    Confidence.HIGH: "reliable",
    Confidence.MEDIUM: "probably right",
    Confidence.LOW: "not certain",
}
