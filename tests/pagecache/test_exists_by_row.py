"""EXISTS for each row: the same answers, and never by a hash of all rows that it could find."""

import pytest
from django.db.models import Exists, OuterRef

from forum.models import Post, Topic
from pagecache.exists_by_row import exists_by_row
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db


def test_it_says_what_exists_says_and_can_be_a_condition():
    make_topic()
    replied = make_post(topic=make_topic()).topic
    replies = Post.objects.filter(topic=OuterRef("pk"), number__gt=1)

    by_row = Topic.objects.annotate(said=exists_by_row(replies))

    assert list(by_row.order_by("pk").values_list("said", flat=True)) == [False, True]
    assert list(by_row.filter(said=True)) == [replied] == list(Topic.objects.filter(Exists(replies)))
    assert Topic.objects.filter(~exists_by_row(replies)).count() == 1


def test_its_plan_has_no_hash_of_all_rows():
    replies = Post.objects.filter(topic=OuterRef("pk"), number__gt=1)

    plan = Topic.objects.annotate(said=exists_by_row(replies)).explain()

    assert "hashed" not in plan
    assert "AlternativeSubPlan" not in plan
