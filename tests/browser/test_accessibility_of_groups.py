"""axe finds nothing on the pages of groups, of the newest members, of timed locks and of edits that readers see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import remove_from_group
from accounts.models import User
from forum.actions import edits
from moderation.actions import topic_acts
from moderation.log.entries import Why
from tests.browser.test_accessibility import barriers_on, in_each_look
from tests.factories import make_user
from tests.forum.factories import make_group, make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin, make_flag

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def new_pages(admin):
    """The pages with something of each kind on them."""
    members = [
        make_user(username=name, trust=User.Trust.MEMBER)
        for name in ("kettle_on", "wobbly_wheel", "sender_of_very_many_words")
    ]
    group = make_group(*members)
    remove_from_group(admin, group, members[0].pk)
    make_subforum(access="chosen", group=group, name="The room of those who open their door to riders")
    topic = make_topic(title="Torugart-with-a-bicycle-in-June-and-who-drives-up-to-the-arch-" + "x" * 40)
    post = make_post(topic=topic, author=members[1], source="The arch opens on Monday.")
    make_flag(make_post(topic=topic, author=members[2], source="See https://example.org/" + "long" * 40))
    edits.edit_post(members[1], post, source="The arch opens on Tuesday.", based_on=0)
    post.refresh_from_db()
    edits.edit_post(admin, post, source="The arch opens on Tuesday, they say.", based_on=1)
    entry = topic_acts.lock(admin, topic, Why(reason="Cool down."), timezone.now() + timedelta(days=7))
    own = make_post(author=members[1], source="Bring 20 dollars.")
    edits.edit_post(members[1], own, source="Bring 30 dollars.", based_on=0)
    return [
        "/staff/groups/", "/staff/groups/new/", f"/staff/groups/{group.pk}/", f"/staff/groups/{make_group().pk}/",
        f"/staff/groups/{group.pk}/name/", "/moderation/newest/", "/moderation/newest/?only=held",
        f"/posts/{own.pk}/history/", f"/posts/{post.pk}/history/", topic.get_absolute_url(),
        f"/moderation/topics/{topic.pk}/?done={entry.pk}", f"/moderation/forums/{topic.subforum.slug}/",
    ]  # fmt: skip


@in_each_look
def test_no_page_has_a_barrier_for_an_administrator(open_page, violations, looks):
    admin = make_user(is_staff=True, time_zone="Asia/Tashkent")
    paths = new_pages(admin)
    page = open_page("/", admin)

    assert barriers_on(page, paths, violations, looks) == {}


@in_each_look
def test_no_page_has_a_barrier_for_a_visitor(open_page, violations, looks):
    paths = [path for path in new_pages(make_admin()) if path.startswith(("/posts/", "/topics/"))]
    page = open_page("/")

    assert barriers_on(page, paths, violations, looks) == {}
