"""The one place that makes a page cold: what the forum kept of it is no longer valid at the next request.

Kept pages are valid by version numbers in the database, so one UPDATE per row raises them, over a connection of the
bench's own, whose CPU time is not counted.
"""

from django.db.models import F

from crossings.models import Crossing
from forum.models import Subforum, Topic


def make_topic_cold(topic: Topic) -> None:
    """A topic's pages: its own version is what a reply raises."""
    Topic.objects.filter(pk=topic.pk).update(version=F("version") + 1)


def change_a_post(topic: Topic) -> None:
    """As an edit or a reaction: its second post, and with it the topic, has another version."""
    topic.posts.filter(number=2).update(version=F("version") + 1)
    make_topic_cold(topic)


def make_topic_changed(topic: Topic) -> None:
    """As a reply: the topic has another number of posts besides, which its frame shows."""
    Topic.objects.filter(pk=topic.pk).update(posts_count=F("posts_count") + 1)
    change_a_post(topic)


def make_subforum_cold(subforum: Subforum) -> None:
    """A topic list, and the index, which shows every subforum."""
    Subforum.objects.filter(pk=subforum.pk).update(version=F("version") + 1)


def make_crossings_cold() -> None:
    """The page of each crossing, and the list of them all."""
    Crossing.objects.update(version=F("version") + 1)


def leave_kept() -> None:
    """Nothing is done: the second request may be answered with what was kept of the first."""
