"""Questions of every page are planned once by PostgreSQL, not each time."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from forum.models import Post
from pagecache.prepared import insert, run
from pagecache.versions import Question, read_versions
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db


def test_a_question_asked_again_is_not_planned_again():
    topic = make_topic()
    read_versions(Question("topic", topic.pk))
    [(before, _)] = plans_of("FROM forum_topic WHERE id = $1")

    for _ in range(3):
        read_versions(Question("topic", topic.pk))

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


def test_a_row_is_inserted_as_saving_does():
    topic = make_topic()
    values = {"topic": topic, "author": topic.author, "source": "“%s” {}"}
    values |= {"markup_version": 1, "written_at": timezone.now()}
    inserted, saved = (Post(number=number, idempotency_key=uuid4(), **values) for number in (2, 3))

    insert(inserted)
    saved.save(force_insert=True)

    rows = Post.objects.in_bulk([inserted.pk, saved.pk])
    of_each = {"id", "number", "idempotency_key", "_state"}
    told = [vars(rows[post.pk]) for post in (inserted, saved)]
    first, second = ({name: value for name, value in row.items() if name not in of_each} for row in told)
    assert first == second
    assert rows[inserted.pk].idempotency_key == inserted.idempotency_key
    inserted.source = "Changed."
    inserted.save()
    assert Post.objects.get(pk=inserted.pk).source == "Changed."


def test_what_a_constraint_refuses_is_refused():
    post = make_post()
    again = Post(topic=post.topic, author=post.author, number=1, markup_version=1, written_at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(again)
