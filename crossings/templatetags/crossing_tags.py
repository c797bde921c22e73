"""Crossings in templates: their stamps, and the permissions as filters."""

from django import template

from crossings import permissions, stamps
from crossings.judging import today
from crossings.models import Crossing

register = template.Library()

for _rule in (
    permissions.can_attach_report,
    permissions.can_edit_report,
    permissions.can_link,
    permissions.can_report,
):
    register.filter(_rule.__name__, _rule)


@register.filter
def stamp(crossing: Crossing) -> stamps.Stamp:
    """The stamp of today of a crossing that with_status has told what is shown."""
    return stamps.stamp_of(crossing, today())
