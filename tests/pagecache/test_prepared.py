"""Questions of every page are planned once by PostgreSQL, not each time."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.readers import VISITOR
from forum import unread
from forum.counters import locks
from forum.models import Post, Topic
from forum.pages.queries import find_topic
from pagecache.prepared import MARK, count, insert, run, statement
from pagecache.versions import Question, bump, read_versions
from tests.factories import make_user
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db
READS_VERSIONS = '"subquery3", "forum_topic"."version"'


def test_a_question_asked_again_is_not_planned_again():
    topic = make_topic()
    read_versions(Question("topic", topic.pk))
    [(before, _)] = plans_of(READS_VERSIONS)

    for _ in range(3):
        read_versions(Question("topic", topic.pk))

    assert plans_of(READS_VERSIONS) == [(before + 3, 0)]


def test_questions_of_the_orm_take_no_room_in_the_connection():
    topic = make_topic()
    before = plans_of("")

    for _ in range(10):
        topic.refresh_from_db()

    assert len(plans_of("")) == len(before)


def plans_of(words):
    """How often what PostgreSQL prepared of such a statement ran by its kept plan, and how often by a new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE position(%s in statement) > 0",
            [words],
        )
        return cursor.fetchall()


@pytest.mark.django_db
def test_values_may_have_names_and_stand_twice():
    sql = "SELECT %(word)s || %(other)s || %(word)s, 7 %% 4"

    assert run(sql, {"other": "-", "word": "a"}, reads=Post) == [("a-a", 3)]
    assert run("SELECT %s || %s", ["a", "b"], reads=Post) == [("ab",)]


def test_what_runs_is_counted_and_logged_as_any_query():
    seen = []

    with connection.execute_wrapper(lambda run_it, sql, *rest: seen.append(sql) or run_it(sql, *rest)):
        run("SELECT %s", ["a"], reads=Post)
    with CaptureQueriesContext(connection) as queries:
        run("SELECT %s, 7", ["a"], reads=Post)

    assert seen == ["SELECT %s"]
    assert [query["sql"] for query in queries] == ["SELECT 'a', 7"]


def test_a_statement_is_prepared_while_queries_are_counted_too():
    with CaptureQueriesContext(connection):
        for _ in range(2):
            run("SELECT %s::int + 40", [2], reads=Post)

    assert plans_of("SELECT $1::int + 40") == [(2, 0)]


def test_a_broken_transaction_refuses_it():
    with transaction.atomic():
        transaction.set_rollback(True)

        with pytest.raises(transaction.TransactionManagementError):
            run("SELECT 7", reads=Post)


def test_a_wrong_statement_raises_what_django_raises():
    with pytest.raises(ProgrammingError), transaction.atomic():
        run("SELECT nothing_there", reads=Post)


class ReadsElsewhere:
    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"


@pytest.fixture
def replica(settings):
    """The same database by another connection, to which a router sends what is read."""
    replica = type(connections["default"])(dict(connection.settings_dict), "replica")
    connections["replica"] = replica
    replica.ensure_connection()
    settings.DATABASE_ROUTERS = [ReadsElsewhere()]
    yield replica
    del connections["replica"]
    replica.close()


@pytest.mark.django_db(transaction=True)
class TestRouter:
    def test_what_pages_read_comes_from_the_replica(self, replica):
        topic = make_topic()

        with CaptureQueriesContext(replica) as read, CaptureQueriesContext(connection) as written:
            assert read_versions(Question("topic", topic.pk))
            found = find_topic(VISITOR, topic.pk)

        assert (len(read), len(written)) == (2, 0)
        assert found._state.db == "replica"

    def test_what_is_written_or_locked_does_not(self, replica):
        topic, member = make_topic(), make_user()

        with CaptureQueriesContext(replica) as read, CaptureQueriesContext(connection) as written:
            unread.note_reading(member, topic, 1)
            with transaction.atomic():
                locked = locks.lock_topic(topic)
            bump(Topic, topic.pk)

        assert len(read) == 0
        assert len(written) >= 3
        assert locked._state.db == "default"


def test_an_inserted_row_is_what_saving_stores():
    topic, member = make_topic(), make_user()
    facts = {
        "topic": topic, "author": member, "heading": topic.title, "source": "It was open.", "search": "'open':1A",
        "search_version": -1, "html": "<p>It was open.</p>", "markup_version": 3, "written_at": timezone.now(),
    }  # fmt: skip
    inserted, saved = Post(number=2, idempotency_key=uuid4(), **facts), Post(number=3, **facts)

    insert(inserted)
    saved.save(force_insert=True)

    assert not inserted._state.adding
    rows = {row.pop("id"): row for row in Post.objects.filter(number__gt=1).values()}
    assert rows[inserted.pk] == rows[saved.pk] | {"number": 2, "idempotency_key": inserted.idempotency_key}
    assert words_of(inserted) == words_of(saved) == "'open':1A"


def words_of(post):
    with connection.cursor() as cursor:
        cursor.execute("SELECT search::text FROM forum_post WHERE id = %s", [post.pk])
        return cursor.fetchone()[0]


def test_a_row_that_breaks_a_rule_is_an_error_of_django():
    topic = make_topic()
    post = Post(
        topic=topic, author=topic.author, number=1, source="", html="", markup_version=3, written_at=timezone.now()
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(post)


def test_only_the_marks_are_parameters():
    topic = make_topic(title="It's 50 % of 'all'")
    named = Topic.objects.filter(pk=MARK, title__contains="'s 50 % of", posts_count__gt=0).values_list("title")

    found = statement("a test of constants", lambda: named)

    assert found.sql.count("%s") == 1
    assert "'%''s 50" in found.sql.replace("%%", "%")
    assert found.rows(topic.pk) == [("It's 50 % of 'all'",)]
    assert found.rows(topic.pk + 1) == []


def test_two_places_may_use_the_same_words_as_a_key():
    make_topic()

    def one():
        return statement("a key of two places", lambda: Topic.objects.values_list("pk")).rows()

    def other():
        return statement("a key of two places", lambda: Topic.objects.values_list("pk", "title")).rows()

    assert [len(row) for rows in (one(), other(), one()) for row in rows] == [1, 2, 1]
    assert count("a key of two places", lambda: Topic.objects.all(), most=9) == 1
    assert count("a key of two places", lambda: Topic.objects.filter(title=""), most=9) == 0
