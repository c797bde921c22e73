"""The sitemap names no page that is gone, sent on or asks not to be listed."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from crossings.models import Country
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db


def addresses(client, path):
    found = re.findall(r"<loc>([^<]*)</loc>", client.get(path).text)
    return [urlsplit(unescape(address)).path for address in found]


def test_every_page_of_the_sitemap_is_there_and_asks_to_be_listed(client):
    make_crossing()
    Country.objects.get_or_create(code="ZZ", defaults={"name": "Nowhere"})
    make_subforum()
    make_subforum(access="members")
    open_topic, hidden = make_topic(), make_topic(hidden_at=now())
    for _ in range(25):
        make_post(topic=open_topic)

    pages = [page for part in addresses(client, "/sitemap.xml") for page in addresses(client, part)]
    wrong = []
    for page in pages:
        answer = client.get(page)
        robots = re.search(r'<meta name="robots" content="([^"]*)"', answer.text)
        canonical = re.search(r'<link rel="canonical" href="([^"]*)"', answer.text)
        if answer.status_code != 200 or not robots or robots[1] != "all" or urlsplit(canonical[1]).path != page:
            wrong.append(page)

    assert open_topic.get_absolute_url() in pages
    assert hidden.get_absolute_url() not in pages
    assert len(set(pages)) == len(pages)
    assert wrong == []


def test_no_page_of_a_member_a_search_or_a_later_page_is_listed(client):
    member = make_user()
    topic = make_topic(author=member)
    for _ in range(25):
        make_post(topic=topic)

    pages = [page for part in addresses(client, "/sitemap.xml") for page in addresses(client, part)]

    assert not [page for page in pages if re.search(r"/members/|/search/|/unread/|/\d+/$|\?", page)]
