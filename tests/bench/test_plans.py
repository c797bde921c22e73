"""Proofs: the main questions of pages neither read a big table from end to end nor sort an unbounded part of it.

On 50,000 posts, where the planner already goes by indexes.
"""

import json
import re

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.growth import page_costs
from bench.meter.inside import Inside
from bench.pages import searches
from bench.sample import Sample, SignedIn
from demo.huge import huge_board
from demo.huge.amounts import Amounts
from demo.texts import Writer
from forum.models import Topic
from tests.made_once import made_once

pytestmark = [pytest.mark.proof, pytest.mark.django_db]
SIZE = Amounts(posts=50_000, texts=300, titles=200, words=5_000)
# They take longest, and decide no plan.
LEFT_OUT = {"statuses", "hours and articles"}
BIG = {"forum_post", "forum_topic", "forum_reaction", "forum_reading", "crossings_topicterms", "notifications_watch",
       "notifications_notification"}  # fmt: skip
MOST_ROWS = 5_000  # that may be read or sorted at once
PAGES = [
    "Index of a member", "Topic list of a member", "Latest topics", "Latest posts", "Unread",
    "Unanswered", "Without a reply", "Answered", "Bookmarks", "Drafts", "Feed", "Feed of a subforum", "Feed of a topic",
    "Feed of a crossing", "Feed of a country", "News", "News of borders", "Log", "Posts of a member",
    "Reports of a crossing", "Members", "Experts", "Experts of a country", "Search: a rare word", "Search: visa permit",
    "Search: border, newest first", "Search: border", "Search: torugart bicycle",
]  # fmt: skip
# What a search sets for one statement alone (forum/search/candidates.py).
BY_BITMAPS = re.compile(r"\s*(SET LOCAL \w+ = off);(.*);\s*(SET LOCAL \w+ = on)\s*", re.DOTALL)


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        with pytest.MonkeyPatch.context() as patch:
            steps = {name: step for name, step in huge_board.STEPS.items() if name not in LEFT_OUT}
            patch.setattr(huge_board, "STEPS", steps)
            huge_board.plant_huge(lambda told: None, SIZE)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL random_page_cost = 1.1")  # as the servers that we start have it
        topic = Topic.objects.readable().filter(posts_count=20).select_related("subforum").latest("pk")
        reader = SignedIn(User.objects.filter(is_staff=False).latest("posts_count", "pk"))
        sample = Sample(topic, topic, topic, reader, reader, Writer("replies"), reader)
        yield {page.title: page for page in [*page_costs.more_pages(sample), *searches()]}


@pytest.fixture(autouse=True)
def one_connection():
    """The test's transaction lives in its connection, as Django's own test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("name", PAGES)
def test_no_question_of_a_page_reads_a_big_table_from_end_to_end(pages, name):
    plans = [(sql, plan) for sql, plan in plans_of(pages[name]) if not needs_unusable_index(sql)]
    found = [f"{problem}: {sql}" for sql, plan in plans for problem in problems(plan)]

    assert found == []


def test_a_plan_that_reads_all_posts_is_noticed(pages):
    with connection.cursor() as cursor:
        plan = explained(cursor, "SELECT count(*) FROM forum_post WHERE version = 7")

    assert [problem for problem in problems(plan) if "forum_post" in problem]


def test_a_plan_that_sorts_all_posts_is_noticed(pages):
    with connection.cursor() as cursor:
        plan = explained(cursor, "SELECT id FROM forum_post ORDER BY md5(id::text)")

    assert [problem for problem in problems(plan) if problem.startswith("Sort")]


def plans_of(page):
    """Of each question of a second request, with its SQL, and with what the page sets for its transaction."""
    inside, plans = Inside(), []
    page.check(inside.request(page))
    with CaptureQueriesContext(connection) as asked:
        page.check(inside.request(page))
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in (query["sql"] for query in asked.captured_queries):
            if found := BY_BITMAPS.fullmatch(sql):
                cursor.execute(found[1])
                plans.append((found[2], explained(cursor, found[2])))
                cursor.execute(found[3])
            elif re.match(r"\s*SET LOCAL", sql):
                cursor.execute(f"{sql}; SET LOCAL statement_timeout = 0")
            elif re.match(r"\s*\(?\s*(SELECT|WITH)", sql):
                plans.append((sql, explained(cursor, sql)))
        transaction.set_rollback(True)
    return plans


def needs_unusable_index(sql):
    """Whether it is the one question of this index, which no page may use in the transaction that planted: in it rows
    were updated before the index was made (`indcheckxmin`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indcheckxmin FROM pg_index WHERE indexrelid = 'posts_to_be_indexed'::regclass")
        return "SELECT 1 FROM forum_post WHERE search_version <" in sql and cursor.fetchone()[0]


def explained(cursor, sql):
    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
    found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def problems(plan):
    """Of a plan and what is below it, in words."""
    rows = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in BIG and rows > MOST_ROWS:
        yield f"Seq Scan of {plan['Relation Name']}: {rows:.0f} rows"
    below = plan.get("Plans", [])
    if plan["Node Type"] == "Sort" and sum(part["Actual Rows"] * part["Actual Loops"] for part in below) > MOST_ROWS:
        yield f"Sort by {plan['Sort Key']}"
    for part in below:
        yield from problems(part)
