from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import F
from django.test import RequestFactory

from accounts.limits import rate_limits
from accounts.limits.rate_limits import TooMany, take
from accounts.models import RateCount
from tests.factories import make_user


@pytest.fixture(autouse=True)
def three_an_hour(settings):
    settings.RATE_LIMITS = {"react": "3/1h", "post": "5/1h"}


def visit(user=None, address="192.0.2.7", forwarded=None):
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)
    request.user = user or AnonymousUser()
    request.COOKIES = {"session": "x"} if user else {}
    return request


def how_many_pass(requests):
    passed = 0
    for request in requests:
        try:
            take("react", request)
            passed += 1
        except TooMany:
            pass
    return passed


@pytest.mark.django_db
def test_the_fourth_of_three_is_refused_with_the_time_to_wait():
    assert how_many_pass([visit()] * 3) == 3

    with pytest.raises(TooMany) as refusal:
        take("react", visit())

    assert 3590 <= refusal.value.retry_after <= 3600


@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_never_exceed_the_limit():
    def try_it(_):
        try:
            return how_many_pass([visit()])
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as threads:
        passed = sum(threads.map(try_it, range(30)))

    assert passed == 3


@pytest.mark.django_db(transaction=True)
def test_counting_inside_the_transaction_of_the_act_is_a_mistake():
    with transaction.atomic(), pytest.raises(RuntimeError):
        take("react", visit())


@pytest.mark.django_db
def test_after_the_window_one_may_again():
    how_many_pass([visit()] * 4)
    RateCount.objects.update(started_at=F("started_at") - timedelta(hours=1))

    assert how_many_pass([visit()] * 4) == 3


@pytest.mark.django_db
def test_each_scope_and_each_member_counts_alone():
    one, other = make_user(), make_user()

    assert how_many_pass([visit(one)] * 4 + [visit(other)] * 4 + [visit()] * 4) == 9
    take("post", visit(one))


@pytest.mark.django_db
def test_a_member_is_counted_wherever_they_are():
    user = make_user()

    assert how_many_pass([visit(user, address=f"192.0.2.{n}") for n in range(5)]) == 3


@pytest.mark.django_db
def test_a_household_is_one_address():
    assert how_many_pass([visit(address=f"2001:db8::{n:x}") for n in range(1, 6)]) == 3
    assert how_many_pass([visit(address="2001:db8:0:1::1")]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_header_does_not_help(settings, proxies):
    settings.TRUSTED_PROXIES = proxies

    assert how_many_pass([visit(forwarded=f"10.9.8.{n}, 198.51.100.4") for n in range(6)]) == 3


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.4", "192.0.2.7"),
        (1, "198.51.100.4", "198.51.100.4"),
        (1, "203.0.113.9, 198.51.100.4", "198.51.100.4"),
        (2, "203.0.113.9, 198.51.100.4, 10.0.0.1", "198.51.100.4"),
        (2, "198.51.100.4", "192.0.2.7"),
        (1, "no address", "192.0.2.7"),
        (1, None, "192.0.2.7"),
    ],
)
def test_the_address_is_the_one_our_outermost_proxy_saw(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies

    assert rate_limits.client_address(visit(forwarded=forwarded)) == address


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("rubbish", "unknown"),
    ],
)
def test_blocks_of_addresses(address, block):
    assert rate_limits.address_block(address) == block


@pytest.mark.parametrize(
    ("text", "limit"),
    [("10/10m", (10, 600)), (" 5 / h ", (5, 3600)), ("1/2d", (1, 172800)), ("0/1s", (0, 1))],
)
def test_limits_are_written_as_so_many_in_so_long(text, limit):
    assert rate_limits.parse("post", text) == limit


@pytest.mark.parametrize("text", ["", "10", "10/", "ten/10m", "10/10", "10/0m", "-1/10m", "10/10w", "1/9999d"])
def test_a_limit_nobody_understands_is_named(text):
    with pytest.raises(ImproperlyConfigured, match="RATE_LIMIT_POST"):
        rate_limits.parse("post", text)


@pytest.mark.django_db
def test_old_counts_are_forgotten_at_night():
    take("react", visit(address="192.0.2.1"))
    RateCount.objects.update(started_at=F("started_at") - timedelta(hours=2))
    take("react", visit(address="192.0.2.2"))

    rate_limits.delete_old()

    assert [count.key for count in RateCount.objects.all()] == ["react address 192.0.2.2"]


@pytest.mark.django_db
def test_what_may_be_lost_is_not_logged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname IN ('cache', 'accounts_ratecount')")
        kinds = cursor.fetchall()

    assert kinds == [("u",), ("u",)]
