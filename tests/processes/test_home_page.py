"""The borders of the home page: what changes is shown at once by every process."""

from datetime import timedelta

import pytest

from crossings.editorial import notices
from crossings.status.update import judge, today
from forum.actions.visibility import hide_post
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.processes.servers import running

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_every_change_is_shown_at_once_in_every_process():
    staff, crossing = make_user(is_staff=True), make_crossing(as_of=today(), editors_status="open")
    judge(crossing.pk)
    make_report(crossing, days_ago=2)
    with running(2) as servers:

        def pages():
            return [server.text("/") for server in servers]

        assert all("Chained." not in page for page in pages() + pages())  # kept by now

        report = make_report(crossing, outcome="found-closed", reason="shut", trust=2, source="Chained.")
        assert all("Chained." in page and "Disputed</span>" in page for page in pages())

        values = {"kind": "closure", "text": "New computers.", "source": "https://example.org", "ends_on": None}
        notice = notices.enter_notice(staff, crossing, values=values | {"begins_on": today() + timedelta(days=2)})
        assert all("New computers." in page for page in pages())

        notices.withdraw_notice(staff, notice)
        assert not any("New computers." in page for page in pages())

        hide_post(staff, report.post)
        assert not any("Chained." in page for page in pages())

        make_crossing(name="A new one", as_of=today(), editors_status="limited")
        assert all("<b>1</b> <span>restricted" in page for page in pages())
