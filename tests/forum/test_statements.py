"""Questions of every page are planned once by PostgreSQL, not each time."""

import pytest
from django.db import connection

from forum.statements import run
from forum.versions import Question, stamp_of
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db


def test_a_question_asked_again_is_not_planned_again():
    topic = make_topic()
    stamp_of(Question("topic", topic.pk))
    [(before, _)] = plans_of("FROM forum_topic WHERE id = $1")

    for _ in range(3):
        stamp_of(Question("topic", topic.pk))

    assert plans_of("FROM forum_topic WHERE id = $1") == [(before + 3, 0)]


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

    assert run(sql, {"other": "-", "word": "a"}) == [("a-a", 3)]
    assert run("SELECT %s || %s", ["a", "b"]) == [("ab",)]
