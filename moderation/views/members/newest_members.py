"""The list of the newest members, for moderators."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import FETCH_RAISE
from django.shortcuts import render

from accounts.readers import reader_of
from forum.pages import keyset, wrong_filters
from moderation.permissions import can_moderate_something, can_read_record
from moderation.queue import newcomers

MEMBERS_PER_PAGE = 40


@login_required
def newest_members(request):
    """Who joined lately, the newest first, filtered by what they wrote."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    filtered, wrong = wrong_filters.choice(request.GET, "only", newcomers.FILTERS)
    place = keyset.read_place(request.GET.get("after", ""))
    members = keyset.newest_first(newcomers.newest_members(reader_of(request), filtered), "joined_at", place)
    rows, has_more = keyset.page_of(members.fetch_mode(FETCH_RAISE), MEMBERS_PER_PAGE)
    context = {
        "rows": [(member, can_read_record(request.user, member)) for member in rows],
        "filters": newcomers.FILTERS.items(),
        "filtered": filtered,
        "wrong_filters": wrong,
        "older": keyset.Place(rows[-1].joined_at, rows[-1].pk) if has_more else None,
        "days": newcomers.JOINED_WITHIN.days,
        "nav": "queue",
    }
    return render(request, "moderation/newest_members.html", context)
