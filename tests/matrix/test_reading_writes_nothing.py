"""A GET changes nothing but how far its reader has read: a picture that points at an address does no harm."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.matrix.rows import ROWS
from tests.matrix.test_matrix import value
from tests.matrix.world import make_world

pytestmark = pytest.mark.django_db

PAGES = [row for row in ROWS if row.method == "GET"]
WRITES = re.compile(r"\b(?:INSERT INTO|DELETE FROM|UPDATE(?=\s+\"?\w+\"?(?:\s+AS\s+\w+)?\s+SET\b))\s+\"?(\w+)")
# How far one has read; and the session, which tells what was just done.
MAY_CHANGE = {"forum_reading", "django_session"}


@pytest.mark.parametrize("role", ["guest", "member", "author", "expert", "moderator", "admin"])
def test_no_page_writes_for(role):
    world, written = make_world(), set()
    client = Client()
    if role != "guest":
        client.force_login(world[role])

    for row in PAGES:
        path = reverse(row.route, args=[value(world, argument) for argument in row.args])
        tables = tables_written(lambda path=path, row=row: client.get(path, row.data))
        written |= {(row.route, table) for table in tables - MAY_CHANGE}

    assert written == set()


def test_control_what_a_post_writes_is_seen():
    world, client = make_world(), Client()
    client.force_login(world["member"])

    tables = tables_written(lambda: client.post(f"/posts/{world['own'].pk}/react/helpful/"))

    assert {"forum_reaction", "forum_post", "forum_topic"} <= tables


def tables_written(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return {table for query in asked for table in WRITES.findall(query["sql"])}
