"""Every route times every role. A new route without a row fails, and so does a GET that changes anything.

How far its reader has read may change: a picture that points at an address does no harm.
"""

import re
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.made_once import made_once
from tests.matrix.rows import ROWS
from tests.matrix.world import ROLES, make_world

CODES = {200: "V", 204: "V", 301: "V", 302: "V", 304: "V", 400: "B", 403: "F", 404: "4", 405: "X", 409: "C"}
WRITES = re.compile(r"\b(?:INSERT INTO|DELETE FROM|UPDATE(?=\s+\"?\w+\"?(?:\s+AS\s+\w+)?\s+SET\b))\s+\"?(\w+)")
# How far one has read; and the session, which tells what was just done.
READING_MAY_CHANGE = {"forum_reading", "django_session", "notifications_notification", "accounts_newsversion"}


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
    with made_once(django_db_blocker):
        world = make_world()
        yield world | {"sessions": {role: session_of(world[role]) for role in ROLES if role != "guest"}}


def session_of(member):
    client = Client()
    client.force_login(member)
    return client.cookies["session"].value


def value(world, name):
    if not isinstance(name, str) or "." not in name or name.split(".")[0] not in world:
        return name
    thing, _, attribute = name.partition(".")
    return getattr(world[thing], attribute)


def client_of(world, role):
    client = Client(raise_request_exception=True)
    if role != "guest":
        client.cookies["session"] = world["sessions"][role]
    return client


def ask(world, role, row):
    """The letter for what this role gets; whatever it changed is taken back."""
    before = transaction.savepoint_create()
    client = client_of(world, role)
    path = reverse(row.route, args=[value(world, argument) for argument in row.args])
    said = {name: value(world, what) for name, what in row.data.items()}
    answer, tables = with_tables_written(lambda: getattr(client, row.method.lower())(path, said))
    transaction.savepoint_rollback(before)
    if row.method == "GET" and tables - READING_MAY_CHANGE:
        return f"({answer.status_code} writes {tables})"
    if answer.status_code == 302 and answer.url.startswith("/account/login/"):
        return "L"
    return CODES.get(answer.status_code, str(answer.status_code))


def with_tables_written(act):
    with CaptureQueriesContext(connection) as asked:
        answer = act()
    return answer, {table for query in asked for table in WRITES.findall(query["sql"])}


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
    client = client_of(world, role)

    served = {route for route in OPERATORS if client.get(path_of(route)).status_code == 200}

    assert served == set()


def path_of(route):
    """The address of an operator's page; where it wants an object, of one that is not there."""
    for arguments in ([], ["1"], ["forum"], [1, 1]):
        with suppress(NoReverseMatch):
            return reverse(route, args=arguments)
    raise AssertionError(route)


@pytest.mark.django_db
def test_control_what_a_post_writes_is_seen(world):
    client = client_of(world, "member")

    _, tables = with_tables_written(lambda: client.post(f"/posts/{world['own'].pk}/react/helpful/"))

    assert {"forum_reaction", "forum_post", "forum_topic"} <= tables
