"""Accounts of businesses: marked by administrators, shown on the profile, and their reports do not count."""

import pytest

from accounts.models import User
from crossings.reports import trade
from forum.permissions import NotAllowed
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.pages import plain

pytestmark = pytest.mark.django_db
PAGE = "/members/yak_tours/trade/"


@pytest.fixture
def member():
    return make_user(username="yak_tours")


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def test_the_mark_shows_on_the_profile_and_comes_off_again(client, member, administrator):
    asked = client.get(PAGE).text
    client.post(PAGE, {"trade": "yes"})
    marked = client.get("/members/yak_tours/").text
    client.post(PAGE, {"trade": "no"})

    assert "Is yak_tours a business account?" in plain(asked)
    assert '<span class="badge">Business account</span>' in marked
    assert '<span class="badge">Business account</span>' not in client.get("/members/yak_tours/").text


def test_its_reports_stop_counting_at_once_and_count_again_afterwards(client, member, administrator):
    crossing = make_crossing(editors_status="closed")
    User.objects.filter(pk=member.pk).update(trust=User.Trust.MEMBER)
    make_report(crossing, author=member)
    shown = []
    for answer in ("yes", "no"):
        client.post(PAGE, {"trade": answer})
        crossing.refresh_from_db()
        shown.append((crossing.noted_status, crossing.confirmed_count))

    assert shown == [("closed", 0), ("open", 1)]


def test_the_same_button_twice_changes_nothing(client, member, administrator):
    client.post(PAGE, {"trade": "yes"})
    marked_at = User.objects.get(pk=member.pk).trade_at

    client.post(PAGE, {"trade": "yes"})

    assert User.objects.get(pk=member.pk).trade_at == marked_at is not None


def test_without_its_button_the_page_only_asks(client, member, administrator):
    client.post(PAGE, {"trade": "yes"})

    answer = client.post(PAGE, {"trade": "perhaps"})

    assert answer.status_code == 200
    assert User.objects.get(pk=member.pk).trade_at is not None


def test_nobody_else_marks_an_account(client, member):
    visitor = client.post(PAGE, {"trade": "yes"})
    client.force_login(member)
    own = client.post(PAGE, {"trade": "yes"})

    assert visitor.url.startswith("/account/login/")
    assert own.status_code == 403
    assert User.objects.get(pk=member.pk).trade_at is None
    with pytest.raises(NotAllowed):
        trade.mark_trade_account(member, member, is_trade=True)


def test_the_profile_leads_administrators_there_and_nobody_else(client, member, administrator):
    leads = PAGE in client.get("/members/yak_tours/").text
    client.force_login(make_user())

    assert (leads, PAGE in client.get("/members/yak_tours/").text) == (True, False)


def test_a_member_who_is_not_there_is_not_found(client, administrator):
    assert client.get("/members/nobody_here/trade/").status_code == 404
