"""A forum that grows: numbers of four figures and more, in words and in addresses."""

import pytest
from django.db import connection

from accounts.models import User
from forum.models import Subforum
from tests.factories import make_user
from tests.forum.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('forum_post', 'id'), 1000000)")
    return make_post()


def test_ids_and_addresses_have_no_separators(client, post):
    client.force_login(make_user())

    page = client.get(post.topic.get_absolute_url()).text

    assert f'id="p{post.pk}"' in page
    assert f"quote={post.pk}" in page
    assert f'id="reactions-{post.pk}"' in page
    assert f"{post.pk:,}" not in page


def test_counts_are_written_as_people_read_them(client, post):
    User.objects.filter(pk=post.author_id).update(posts_count=12_345)
    Subforum.objects.filter(pk=post.topic.subforum_id).update(topics_count=2_214)

    assert "12,345" in client.get(post.topic.get_absolute_url()).text
    assert "2,214" in client.get("/").text
