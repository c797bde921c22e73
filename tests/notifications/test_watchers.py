"""Who hears of a reply, a new topic, a mention or a report: by level, and only while they may read it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crossings.links.actions import link_topic
from crossings.models import CrossingTopic
from forum.models import Subforum, Topic
from notifications.models import Watch
from notifications.watches import watchers
from notifications.watches.actions import watch
from tests.crossings.factories import make_country, make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db
Level = Watch.Level


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", countries=("CN", "KG"))


@pytest.fixture
def topic(crossing):
    """A topic about the crossing, which its author does not watch."""
    topic = make_topic()
    Watch.objects.all().delete()
    link_topic(topic, crossing, source="author", by=topic.author)
    return topic


def places(topic, crossing):
    return {
        "subforum": topic.subforum, "country": make_country("CN"), "other side": make_country("KG"),
        "crossing": crossing, "author": topic.author,
    }  # fmt: skip


PLACES = ["subforum", "country", "other side", "crossing", "author"]


@pytest.mark.parametrize(("level", "hears"), [("watching", True), ("mentions", False), ("muted", False)])
def test_of_a_reply_hears_who_watches_the_topic(topic, level, hears):
    user = make_user()
    watch(user, topic, level=Level(level))

    assert watchers.watchers_of_topic(topic) == [user.pk] * hears
    assert watchers.watchers_of_topic(topic, exclude=[user.pk, None]) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("level", "hears"), [("watching", True), ("mentions", False), ("muted", False)])
def test_of_a_new_topic_hears_who_watches_where_it_stands_or_what_it_is_about(topic, crossing, place, level, hears):
    user = make_user()
    watch(user, places(topic, crossing)[place], level=Level(level))

    assert watchers.watchers_of_new_topic(topic) == [user.pk] * hears
    assert watchers.watchers_of_topic(topic) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("muted", PLACES)
def test_what_is_muted_is_not_told_by_another_watch(topic, crossing, place, muted):
    user = make_user()
    watch(user, places(topic, crossing)[place])
    watch(user, places(topic, crossing)[muted], level=Level.MUTED)

    assert watchers.watchers_of_new_topic(topic) == []


def test_who_watches_it_in_many_ways_hears_once(topic, crossing):
    user = make_user()
    for place in places(topic, crossing).values():
        watch(user, place)

    assert watchers.watchers_of_new_topic(topic) == [user.pk]


def test_of_what_it_is_not_about_nobody_hears(topic, crossing):
    watch(make_user(), make_crossing(countries=("IR", "TR")))
    watch(make_user(), make_country("IR"))
    watch(make_user(), make_subforum())
    watch(make_user(), make_user())
    CrossingTopic.objects.update(removed_at=timezone.now(), removed_by=topic.author)
    watch(make_user(), crossing)

    assert watchers.watchers_of_new_topic(topic) == []


def test_a_running_topic_is_no_topic_of_who_wrote_first_in_it(topic):
    watch(make_user(), topic.author)
    topic.is_running = True

    assert watchers.watchers_of_new_topic(topic) == []


@pytest.mark.parametrize("level", ["mentions", "muted"])
def test_a_level_chosen_for_the_topic_itself_goes_before(topic, level):
    user = make_user()
    watch(user, topic.subforum)
    watch(user, topic, level=Level(level))

    assert watchers.watchers_of_new_topic(topic) == []


def staff_only(topic):
    Subforum.objects.filter(pk=topic.subforum_id).update(access=Subforum.Access.STAFF)


def members_only(topic):
    Subforum.objects.filter(pk=topic.subforum_id).update(access=Subforum.Access.MEMBERS)


def hidden(topic):
    Topic.objects.filter(pk=topic.pk).update(hidden_at=timezone.now(), hidden_by=topic.author)


def held(topic):
    Topic.objects.filter(pk=topic.pk).update(held_at=timezone.now())


def nothing(topic):
    pass


@pytest.mark.parametrize(
    ("happens", "members_hear"),
    [(nothing, True), (members_only, True), (staff_only, False), (hidden, False), (held, False)],
)
def test_only_who_may_read_it_hears_and_hears_again_when_they_may(topic, happens, members_hear):
    member, moderator, staff, gone = make_user(), make_user(), make_user(is_staff=True), make_user(is_active=False)
    topic.subforum.moderators.add(moderator)
    for user in (member, moderator, staff, gone):
        watch(user, topic), watch(user, topic.subforum)

    happens(topic)
    topic = Topic.objects.select_related("subforum").get(pk=topic.pk)

    hear = [member.pk] * members_hear + [moderator.pk, staff.pk]
    assert watchers.watchers_of_topic(topic) == hear
    assert watchers.watchers_of_new_topic(topic) == hear


@pytest.mark.parametrize("place", PLACES)
def test_mentions_are_not_heard_from_where_one_muted(topic, crossing, place):
    deaf, hears = make_user(), make_user()
    watch(deaf, places(topic, crossing)[place], level=Level.MUTED)
    watch(hears, places(topic, crossing)[place], level=Level.MENTIONS)

    assert watchers.hears_mentions(topic, [deaf.pk, hears.pk], by=topic.author_id) == {hears.pk}


@pytest.mark.parametrize(("level", "hears"), [("watching", True), ("mentions", True), ("muted", False)])
def test_the_level_of_the_topic_goes_before_the_muted_subforum(topic, level, hears):
    user = make_user()
    watch(user, topic.subforum, level=Level.MUTED)
    watch(user, topic, level=Level(level))

    assert watchers.hears_mentions(topic, [user.pk]) == ({user.pk} if hears else set())


def test_who_watches_nothing_hears_that_they_were_mentioned(topic):
    user = make_user()

    assert watchers.hears_mentions(topic, [user.pk]) == {user.pk}


def test_of_a_report_hears_who_watches_the_crossing_or_its_author(crossing):
    author, of_crossing, of_author, of_both, deaf = (make_user() for _ in range(5))
    report = make_report(crossing, author=author)
    for user, target in [(of_crossing, crossing), (of_author, author), (of_both, crossing), (of_both, author)]:
        watch(user, target)
    watch(deaf, author), watch(deaf, crossing, level=Level.MUTED)

    assert watchers.watchers_of_report(report) == [of_crossing.pk, of_author.pk, of_both.pk]
    assert watchers.watchers_of_report(report, exclude=[of_both.pk]) == [of_crossing.pk, of_author.pk]
    assert watchers.watchers_of_crossing(crossing) == [of_crossing.pk, of_both.pk]


def test_many_watchers_cost_the_queries_of_one(topic, crossing):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            watchers.watchers_of_topic(topic), watchers.watchers_of_new_topic(topic)
            watchers.hears_mentions(topic, Watch.objects.values_list("user", flat=True))
        return len(asked)

    watch(make_user(), topic)
    one = cost()
    for place in places(topic, crossing).values():
        watch(make_user(), place)

    assert cost() == one
