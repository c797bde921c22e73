"""Recounting finds and mends each counter; only mending keeps writers out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from forum.counters.recount import recount
from forum.models import Post, Subforum, Topic
from tests.forum.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "counter"),
    [
        (Topic, "posts_count"), (Topic, "duplicates_count"), (Topic, "answers_count"), (Topic, "last_number"),
        (Topic, "expert_replies_count"), (Subforum, "posts_count"), (Subforum, "topics_count"), (Post, "edits_count"),
        (Post, "helpful_count"), (Post, "still_true_count"), (Post, "outdated_count"), (User, "posts_count"),
        (User, "reactions_given"), (User, "reactions_received"),
    ],
)  # fmt: skip
def test_a_counter_that_drifted_is_named_and_mended(model, counter):
    post = make_post()
    pk = {Topic: post.topic_id, Subforum: post.topic.subforum_id, Post: post.pk, User: post.author_id}[model]
    right = model.objects.values_list(counter, flat=True).get(pk=pk)
    model.objects.filter(pk=pk).update(**{counter: right + 3})

    found = recount(mend=False)
    mended = recount(mend=True)

    assert [str(drift) for drift in found] == [f"{model.__name__} {pk}: {counter} is {right + 3}, counted {right}"]
    assert mended == found
    assert model.objects.values_list(counter, flat=True).get(pk=pk) == right
    assert recount(mend=False) == []


@pytest.mark.parametrize("mend", [True, False])
def test_writers_wait_only_while_it_mends(mend):
    with CaptureQueriesContext(connection) as queries:
        recount(mend=mend)

    assert any("LOCK TABLE" in query["sql"] for query in queries) == mend
