"""Every route times every role. A new route without a row fails."""

from contextlib import suppress

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.matrix.rows import ROWS
from tests.matrix.world import ROLES, make_world

CODES = {200: "V", 204: "V", 301: "V", 302: "V", 304: "V", 400: "B", 403: "F", 404: "4", 405: "X", 409: "C"}


def routes(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{prefix}{entry.name}"


ALL_ROUTES = set(routes(get_resolver()))
OPERATORS = {route for route in ALL_ROUTES if route.startswith("admin:")}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once: whatever somebody changes is taken back before the next one asks."""
    with django_db_blocker.unblock():
        everything = transaction.atomic()
        everything._from_testcase = True  # as in Django's own tests: what must commit by itself may stand within
        with everything:
            yield make_world()
            transaction.set_rollback(True)


def value(world, name):
    if not isinstance(name, str) or name.split(".")[0] not in world:
        return name
    thing, _, attribute = name.partition(".")
    return getattr(world[thing], attribute)


def ask(world, role, row):
    """The letter for what this role gets; whatever it changed is taken back."""
    before = transaction.savepoint_create()
    client = Client(raise_request_exception=True)
    if role != "guest":
        client.force_login(world[role])
    path = reverse(row.route, args=[value(world, argument) for argument in row.args])
    answer = getattr(client, row.method.lower())(path, {name: value(world, said) for name, said in row.data.items()})
    transaction.savepoint_rollback(before)
    if answer.status_code == 302 and answer.url.startswith("/account/login/"):
        return "L"
    return CODES.get(answer.status_code, str(answer.status_code))


def test_every_route_has_a_row():
    assert ALL_ROUTES - {row.route for row in ROWS} - OPERATORS == set()


def test_every_row_has_a_route():
    assert {row.route for row in ROWS} <= ALL_ROUTES


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route} {row.why or row.args}")
def test_everybody_gets_what_is_theirs(row, world):
    got = "".join(ask(world, role, row) for role in ROLES)

    assert got == row.codes


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_operators_pages_are_for_operators(role, world):
    client = Client()
    if role != "guest":
        client.force_login(world[role])

    served = {route for route in OPERATORS if client.get(path_of(route)).status_code == 200}

    assert served == set()


def path_of(route):
    """The address of an operator's page; where it wants an object, of one that is not there."""
    for arguments in ([], ["1"], ["forum"], [1, 1]):
        with suppress(NoReverseMatch):
            return reverse(route, args=arguments)
    raise AssertionError(route)
