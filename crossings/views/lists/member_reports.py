"""All reports of a member."""

from accounts.models import User
from accounts.readers import Reader
from crossings.reports import listing
from crossings.reports.passports import reports_of
from crossings.status import update
from forum.pages import keyset
from forum.views.members import member_lists

REPORTS_PER_PAGE = 30


@member_lists.of_member
def member_reports(request, reader: Reader, member: User):
    """By the day as others may know it: the order must not tell a day that is delayed."""
    today, after = update.today(), keyset.read_pk(request.GET.get("after", ""))
    found = listing.with_all_that_is_shown(reports_of(reader, member)).newest_first(today)
    rows, has_more = keyset.page_of(found.older_than(after) if after else found, REPORTS_PER_PAGE)
    return member_lists.respond(
        request, reader, member, "crossings/member_reports.html", tab="reports",
        next_after=str(rows[-1].pk) if has_more else "", reports=listing.shown(rows, None, today),
    )  # fmt: skip
