"""Every route times every role. A new route without a row fails, and so does a GET that changes anything.

How far its reader has read may change: a picture that points at an address does no harm. Of every row times every
role the suite asks the sample of sample.py, and the proof all.
"""

import re
from contextlib import suppress
from functools import reduce
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from notifications.letters import emails
from notifications.models import Letter
from pagecache.store import clear_all
from tests.accounts.signin.steps import prove
from tests.made_once import made_once
from tests.matrix.rows import ROWS, Row
from tests.matrix.sample import roles_by_row
from tests.matrix.secret import SECRET, SECRET_OF_CHOSEN
from tests.matrix.world import ROLES, make_world

CODES = {200: "V", 204: "V", 301: "V", 302: "V", 304: "V", 400: "B", 403: "F", 404: "4", 405: "X", 409: "C"}
WRITES = re.compile(r"\b(?:INSERT INTO|DELETE FROM|UPDATE(?=\s+\"?\w+\"?(?:\s+AS\s+\w+)?\s+SET\b))\s+\"?(\w+)")
# How far one has read; and the session, which tells what was just done.
READING_MAY_CHANGE = {"forum_reading", "django_session", "notifications_notification", "accounts_newsversion"}
# Who may read where the topics of secret.py stand.
SECRETS = {SECRET: {"moderator", "admin"}, SECRET_OF_CHOSEN: {"admin", "in_group"}}
# Of all clients: each that is new loads all middlewares for its one request.
HANDLER = ClientHandler(enforce_csrf_checks=False)
SUSPENDED = [role for role in ROLES if role.startswith("suspended")]
# What suspended members still write (docs/trust.md): what nobody else sees, and limits of requests.
THEIR_OWN = READING_MAY_CHANGE | {
    "forum_subforumreading", "forum_draft", "forum_bookmark", "notifications_watch", "notifications_subscription",
    "notifications_watchpreference", "notifications_bounce", "notifications_privatefeed",
    "accounts_ignored", "accounts_user", "accounts_ratecount", "accounts_kepttext",
}  # fmt: skip


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
    clear_all()
    with made_once(django_db_blocker):
        world = make_world()
        yield world | {"sessions": {role: session_of(world[role]) for role in ROLES if role != "guest"}}


@pytest.fixture(autouse=True)
def nothing_kept(request):
    """Instead of conftest's: what pages keep stays true from row to row, until `ask` takes back what a form wrote."""
    yield
    if "route" not in request.fixturenames:
        clear_all()


@pytest.fixture(autouse=True)
def second_steps_are_compulsory(settings):
    settings.SECOND_STEP_FOR_STAFF = True


@pytest.fixture(scope="module", autouse=True)
def answers_without_contexts():
    """Django's test client copies the context of every template that is rendered; nobody looks at these here."""
    with patch("django.test.client.store_rendered_templates", lambda *args, **kwargs: None):
        yield


def session_of(member):
    client = Client()
    client.force_login(member)
    return client.cookies["session"].value


def value(world, name):
    if not isinstance(name, str) or "." not in name or name.split(".")[0] not in world:
        return name
    thing, *attributes = name.split(".")
    return reduce(getattr, attributes, world[thing])


def client_of(world, role):
    client = Client(raise_request_exception=True)
    client.handler = HANDLER
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
    if tables and row.method != "GET":
        clear_all()
    if forbidden := tables - tables_for(role, row, tables):
        return f"({answer.status_code} writes {forbidden})"
    for secret, readers in SECRETS.items():
        if role not in readers and secret in f"{answer.headers} {answer.text}":
            return f"({answer.status_code} tells the {secret})"
    if answer.status_code == 302 and answer.url.startswith("/account/login/"):
        return "L"
    return CODES.get(answer.status_code, str(answer.status_code))


def tables_for(role, row, written):
    """What a request may write; the link of a letter acts for whoever got the letter."""
    if row.method == "GET":
        return READING_MAY_CHANGE
    is_theirs = role in SUSPENDED and "tokens.through" not in row.args
    return THEIR_OWN if is_theirs else written


def with_tables_written(act):
    """The answer, and the tables that its statements write. Sees their SQL, without the values, as it is sent."""
    tables = set()

    def look(execute, sql, params, many, context):
        tables.update(WRITES.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        answer = act()
    return answer, tables


def test_every_route_has_a_row():
    assert ALL_ROUTES - {row.route for row in ROWS} - OPERATORS == set()


def test_every_row_has_a_route():
    assert {row.route for row in ROWS} <= ALL_ROUTES


def test_the_sample_asks_each_route_as_every_role_and_each_row_for_every_answer():
    sample = list(zip(ROWS, roles_by_row(ROWS), strict=True))

    asked = {(row.route, role) for row, roles in sample for role in roles}
    answers = {(place, row.expected[ROLES.index(role)]) for place, (row, roles) in enumerate(sample) for role in roles}

    assert asked == {(row.route, role) for row in ROWS for role in ROLES}
    assert answers == {(place, code) for place, row in enumerate(ROWS) for code in row.expected}


@pytest.mark.django_db
@pytest.mark.parametrize("route", dict.fromkeys(row.route for row in ROWS))
def test_everybody_gets_what_is_theirs(route, world):
    rows = [(row, roles) for row, roles in zip(ROWS, roles_by_row(ROWS), strict=True) if row.route == route]

    assert differences(world, rows) == {}


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.parametrize("area", sorted({row.route.partition(":")[0] for row in ROWS}))
def test_everybody_gets_what_is_theirs_from_every_row(area, world):
    rows = [(row, ROLES) for row in ROWS if row.route.partition(":")[0] == area]

    assert differences(world, rows) == {}


@pytest.mark.django_db
def test_control_an_answer_that_nobody_expects_is_named(world):
    row = Row("forum:unread", "V" * 10)

    assert differences(world, [(row, ROLES)]) == {"GET forum:unread () as guest": "L instead of V"}


def differences(world, rows):
    """What roles got, by row and role, where it is not what is expected."""
    found = {}
    for row, roles in rows:
        for role in roles:
            got, expected = ask(world, role, row), row.expected[ROLES.index(role)]
            if got != expected:
                found[f"{row.method} {row.route} {row.why or row.args} as {role}"] = f"{got} instead of {expected}"
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_operators_pages_are_for_operators(role, world):
    client = client_of(world, role)
    if role != "guest":
        prove(client)

    served = {route for route in OPERATORS if client.get(path_of(route)).status_code == 200}

    assert served == set()


@pytest.mark.django_db
def test_control_an_administrator_gets_the_operators_pages(world):
    client = client_of(world, "admin")
    prove(client)

    assert client.get(path_of("admin:index")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["other_moderator", "suspended_moderator", "suspended_admin"])
def test_what_is_refused_to_whoever_looks_is_refused_to_whoever_sends(role, world):
    """A form that has a row for GET alone is sent empty."""
    place = ROLES.index(role)
    looks = {(row.route, row.args): row.expected[place] for row in ROWS if row.method == "GET" and not row.data}
    sent = {(row.route, row.args) for row in ROWS if row.method == "POST"}
    refused = [
        Row(route, "", args, "POST")
        for (route, args), got in looks.items()
        if got in "F4" and (route, args) not in sent
    ]

    answers = {row.route: ask(world, role, row) for row in refused}

    assert {route: got for route, got in answers.items() if got not in "F4X"} == {}


@pytest.mark.django_db
def test_letters_tell_nobody_what_they_may_not_read(world):
    letters = Letter.objects.select_related("user").filter(user=world["author"])

    sent = [message for message in map(emails.compose, letters) if message]

    assert [message.subject for message in sent if "of yours" in message.body or "Your topic" in message.body]
    assert not [message.subject for message in sent if SECRET in str(message.message())]


@pytest.mark.django_db
def test_letters_tell_of_chosen_members_to_nobody_else(world):
    may_read = {world[role].pk for role in SECRETS[SECRET_OF_CHOSEN]}
    letters = Letter.objects.select_related("user")

    sent = [(letter.user_id, message) for letter in letters if (message := emails.compose(letter))]

    told = {pk for pk, message in sent if SECRET_OF_CHOSEN in str(message.message())}
    assert told - may_read == set()
    assert told & may_read


@pytest.mark.django_db
def test_control_a_chosen_member_reads_their_secret(world):
    client = client_of(world, "in_group")

    assert SECRET_OF_CHOSEN in client.get(world["for_chosen"].topic.get_absolute_url()).text
    assert SECRET_OF_CHOSEN in client.get("/").text


@pytest.mark.django_db
def test_control_the_staff_read_the_secret(world):
    client = client_of(world, "moderator")

    assert SECRET in client.get(world["secret"].topic.get_absolute_url()).text
    assert SECRET in client_of(world, "admin").get("/moderation/log/").text


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
