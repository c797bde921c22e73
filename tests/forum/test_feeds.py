"""Feeds are valid for every reader of feeds, whatever members write, and lead to this site from anywhere."""

import re

import feedparser
import pytest
from django.db.models import F
from lxml import etree

from accounts.models import User
from forum.models import SiteVersion, Topic
from tests.atom_grammar import problems_of
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.naughty import OURS

pytestmark = pytest.mark.django_db


def feed_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert problems_of(answer.content) == []
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def test_the_feeds_of_the_forum_a_subforum_and_a_topic_are_valid(client):
    writer = make_user(trust=User.Trust.TRUSTED)
    topic = make_topic(
        author=writer, title="مرز باز است! (تست) 24/7?", source="See [the list](/topics/1/) and https://a.example/a."
    )
    make_post(topic=topic, source="**Open.**")

    for path in ("/feed/", f"{topic.subforum.get_absolute_url()}feed/", f"/topics/{topic.pk}/feed/"):
        assert len(feed_of(client, path).entries) == 2


def test_every_link_of_a_feed_is_absolute(client):
    make_topic(
        author=make_user(trust=User.Trust.TRUSTED),
        source="See [the list](/topics/1/), @nobody and https://a.example/a.",
    )

    page = client.get("/feed/").content
    hrefs = re.findall(r'href="([^"]*)"', " ".join(etree.fromstring(page).itertext()))

    assert hrefs
    assert all(href.startswith("http") for href in hrefs)
    assert b'xml:base="http' in page


def test_strings_that_broke_programs_are_valid_in_feeds(client):
    topic = make_topic()
    for naughty in [
        text for text in OURS if text.strip() and "\0" not in text and not re.search("[\ud800-\udfff]", text)
    ]:
        Topic.objects.update(title=naughty[:120])
        SiteVersion.objects.update(version=F("version") + 1)  # no kept page
        topic.posts.update(html=f'<p dir="auto">{naughty.replace("&", "&amp;").replace("<", "&lt;")}</p>')
        assert feed_of(client, f"/topics/{topic.pk}/feed/").entries[0].title


def test_an_empty_feed_is_valid_and_never_changes(client):
    subforum = make_subforum()
    path = f"{subforum.get_absolute_url()}feed/"

    assert feed_of(client, path).entries == []
    assert client.get(path).content == client.get(path).content
    assert b"<updated>1970-01-01T00:00:00+00:00</updated>" in client.get(path).content


def test_an_answer_in_a_feed_names_its_topic_apart_from_the_word_before(client):
    topic = make_topic(title="مرز باز است!")
    make_post(topic=topic)

    titles = [entry.title for entry in feed_of(client, f"/topics/{topic.pk}/feed/").entries]

    assert titles == ["Re: \u2068مرز باز است!\u2069", "مرز باز است!"]


@pytest.mark.parametrize(
    "broken",
    [
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><id>/a</id><updated>2026-01-01</updated></feed>",
    ],
)
def test_the_grammar_finds_what_is_wrong(broken):
    assert problems_of(broken)
