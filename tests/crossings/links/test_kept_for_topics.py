"""What a topic's page shows of crossings and of similar topics is kept for all readers, until it changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.readers import VISITOR, as_reader
from crossings.links.actions import link_topic, set_links
from crossings.models import SimilarTopic
from crossings.similar import stored
from forum.actions import visibility
from forum.models import Topic
from forum.pages.queries import find_topic
from pagecache.versions import Question, read_versions
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_topic
from tests.moderation.factories import make_moderator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matters")]


@pytest.fixture
def torugart():
    return make_crossing(name="Torugart Pass", slug="torugart")


@pytest.fixture
def topic(torugart):
    topic = make_topic(title="Torugart, anybody there?")
    link_topic(topic, torugart, source="author", by=topic.author)
    return topic


@pytest.fixture
def listed(topic, torugart):
    """A topic that the table under the other one lists."""
    found = make_topic(title="Torugart in the snow")
    link_topic(found, torugart, source="author", by=found.author)
    stored.refresh(topic.pk)
    assert SimilarTopic.objects.filter(topic=topic, other=found).exists()
    return found


def view(client, topic, user=None):
    """The text of the page, and how many queries asked for crossings' cards or similar topics."""
    client.force_login(user or make_user())
    with CaptureQueriesContext(connection) as queries:
        text = client.get(Topic.objects.get(pk=topic.pk).get_absolute_url()).text
    asked = [query["sql"] for query in queries if "json" in query["sql"].lower()]
    return text, sum("crossing_links__pk" in sql or "similar_to__reason" in sql for sql in asked)


def test_a_second_reader_asks_for_neither(client, topic, listed):
    first, asked = view(client, topic)
    again, asked_again = view(client, topic)

    assert (asked, asked_again) == (2, 0)
    for text in (first, again):
        assert "Torugart Pass" in text
        assert listed.title in text


def test_the_stamp_of_a_topic_is_that_of_its_kept_pages(topic, torugart):
    stamp = read_versions(Question("topic", topic.pk))

    assert find_topic(VISITOR, topic.pk).stamp == stamp
    assert find_topic(as_reader(make_user()), topic.pk).stamp == stamp
    make_report(torugart)
    assert find_topic(VISITOR, topic.pk).stamp != stamp


class TestWhatChangesIsSeenAtOnce:
    def test_reports_of_its_crossing(self, client, topic, torugart):
        before, _ = view(client, topic)

        for _ in range(2):
            make_report(torugart, outcome="turned_back", reason="closed")

        assert before.count("Closed") < view(client, topic)[0].count("Closed")

    def test_a_notice_of_its_crossing(self, client, topic, torugart):
        view(client, topic)

        make_notice(torugart, text="The pass rests for the festival.")

        assert "The pass rests for the festival." in view(client, topic)[0]

    def test_a_link_that_is_removed(self, client, topic, torugart):
        assert "crossings/torugart/" in view(client, topic)[0]

        set_links(topic.author, topic, [])

        assert "crossings/torugart/" not in view(client, topic)[0]

    def test_a_listed_topic_that_is_hidden(self, client, topic, listed, django_capture_on_commit_callbacks):
        assert listed.title in view(client, topic)[0]

        with django_capture_on_commit_callbacks(execute=True):
            visibility.hide_topic(make_moderator(listed.subforum), listed)

        assert listed.title not in view(client, topic)[0]
