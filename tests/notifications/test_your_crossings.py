"""What a member watches stands first on their home page."""

import re
from datetime import timedelta

import pytest

from crossings.status.update import judge, today
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_notice
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def own(client):
    """The words of the member's own block, or nothing if it is not there."""
    found = re.search(r'<section aria-labelledby="your-crossings">.*?</section>', client.get("/").text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


@pytest.fixture
def member(client):
    user = make_user()
    client.force_login(user)
    return user


def make_known(**fields):
    crossing = make_crossing(as_of=today(), editors_status="open", **fields)
    judge(crossing.pk)
    return crossing


def test_a_member_sees_first_what_they_watch_with_its_status_and_their_day(client, member):
    day = today() + timedelta(days=7)
    watch(member, make_known(name="Torugart"), travel_on=day, direction="b-a")

    words = own(client)

    assert f"Torugart Open You go on {day.day} {day:%b %Y} , to Country CN." in words


def test_without_a_day_it_says_so_and_a_day_that_is_over_is_no_day(client, member):
    watch(member, make_known(name="Torugart"))
    watch(member, make_known(name="Kulma"), travel_on=today() - timedelta(days=1))

    assert own(client).count("No day set.") == 2


def test_the_next_journey_comes_first(client, member):
    for name, days in (("Arch", None), ("Bridge", 20), ("Col", 3)):
        travel_on = None if days is None else today() + timedelta(days=days)
        watch(member, make_known(name=name), travel_on=travel_on)

    assert re.findall("Arch|Bridge|Col", own(client)) == ["Col", "Bridge", "Arch"]


def test_a_change_is_shown_at_once(client, member):
    crossing = make_known(name="Torugart")
    watch(member, crossing)
    assert "Torugart Open" in own(client)

    make_notice(crossing)

    assert "Torugart Closed No day set. Changed on" in own(client)


def test_who_watches_nothing_has_no_such_block_and_nobody_sees_anothers(client, member):
    watch(make_user(), make_known())

    assert own(client) == ""


def test_a_visitor_has_no_such_block(client):
    watch(make_user(), make_known())

    assert own(client) == ""
    assert "Which border?" in client.get("/").text
