"""What programs are told: one address for a page, feeds, the sitemap, and nothing that a visitor may not read."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from forum.actions import edits
from forum.models import Post
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://borderpost.example"
    settings.SECURE_SSL_REDIRECT = False


def entries(client, url):
    answer = client.get(url)
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314


def linked_data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


def test_a_page_names_its_one_address_whatever_was_asked(client):
    topic = make_topic()

    page = client.get(topic.get_absolute_url() + "?utm_source=x", headers={"X-Forwarded-Host": "evil.test"}).text

    assert f'<link rel="canonical" href="https://borderpost.example{topic.get_absolute_url()}">' in page
    assert f'<meta property="og:title" content="{topic.title}">' in page
    assert "evil.test" not in page
    assert "utm_source" not in page


def test_the_second_page_has_an_address_of_its_own(client):
    topic = make_topic()
    for _ in range(20):
        make_post(topic=topic)

    page = client.get(f"{topic.get_absolute_url()}2/").text

    assert f'href="https://borderpost.example{topic.get_absolute_url()}2/"' in page
    assert "ld+json" not in page


def test_search_engines_are_told_of_the_discussion(client):
    topic = make_topic(title="Is </script><b>Bedel open", source="Is it?")

    facts = linked_data(client.get(topic.get_absolute_url()).text)

    assert facts["@type"] == "DiscussionForumPosting"
    assert facts["headline"] == "Is </script><b>Bedel open"
    assert facts["url"] == f"https://borderpost.example{topic.get_absolute_url()}"
    assert facts["author"]["name"] == topic.author.username


@pytest.mark.parametrize(
    ("path", "word"),
    [("/", "all"), ("/rules/", "all"), ("/account/login/", "noindex"), ("/theme/", "noindex")],
)
def test_thin_pages_are_not_listed(client, path, word):
    assert f'<meta name="robots" content="{word}">' in client.get(path).text


def test_profiles_are_listed_once_there_is_something_to_read(client):
    member = make_user()
    before = client.get(member.get_absolute_url()).text
    for _ in range(3):
        make_post(author=member)

    assert 'content="noindex"' in before
    assert 'content="noindex"' not in client.get(member.get_absolute_url()).text


def test_feeds_of_a_topic_a_subforum_and_everything(client):
    post = make_post(source="It was **open**.")
    make_topic()

    for url, count in [
        (f"/topics/{post.topic_id}/feed/", 2),
        (f"/forums/{post.topic.subforum.slug}/feed/", 2),
        ("/feed/", 3),
    ]:
        assert len(entries(client, url)) == count
    newest = entries(client, f"/topics/{post.topic_id}/feed/")[0]
    assert newest.find(f"{ATOM}title").text == f"Re: {post.topic.title}"
    assert newest.find(f"{ATOM}id").text == f"https://borderpost.example/posts/{post.pk}/"
    assert newest.find(f"{ATOM}summary").text == '<p dir="auto">It was <strong>open</strong>.</p>'


def test_a_feed_holds_what_a_visitor_may_read_even_for_staff(client):
    secret = make_topic(subforum=make_subforum(access="members"), title="For members only")
    hidden = make_post(source="Hidden words")
    held = make_post(topic=hidden.topic, source="Held words")
    Post.objects.filter(pk=hidden.pk).update(hidden_at=now(), hidden_by=hidden.author)
    Post.objects.filter(pk=held.pk).update(held_at=now())
    client.force_login(make_user(is_staff=True))

    text = client.get("/feed/").text + client.get(f"/topics/{hidden.topic_id}/feed/").text

    assert "words" not in text
    assert "members only" not in text
    assert client.get(f"/topics/{secret.pk}/feed/").status_code == 404
    assert client.get(f"/forums/{secret.subforum.slug}/feed/").status_code == 404


def test_pages_name_their_feed_only_where_there_is_one(client):
    topic = make_topic()
    secret = make_topic(subforum=make_subforum(access="members"))
    client.force_login(make_user())

    assert f'href="/topics/{topic.pk}/feed/"' in client.get(topic.get_absolute_url()).text
    assert "atom+xml" not in client.get(secret.get_absolute_url()).text
    assert "atom+xml" not in client.get(secret.subforum.get_absolute_url()).text


def test_the_sitemap_leads_to_every_public_topic(client):
    topic, hidden = make_topic(), make_topic(hidden_at=now())
    secret = make_topic(subforum=make_subforum(access="staff"), author=make_user(is_staff=True))

    index = client.get("/sitemap.xml").text
    parts = [re.sub("https://borderpost.example", "", loc) for loc in re.findall("<loc>(.*?)</loc>", index)]
    pages = "".join(client.get(part).text for part in parts)

    assert f"<loc>https://borderpost.example{topic.get_absolute_url()}</loc>" in pages
    assert f"<loc>https://borderpost.example{topic.subforum.get_absolute_url()}</loc>" in pages
    assert hidden.get_absolute_url() not in pages
    assert secret.get_absolute_url() not in pages
    assert secret.subforum.get_absolute_url() not in pages


def test_parts_of_the_sitemap_that_are_not_there_are_not_found(client):
    for part in ("0", "99999", "999999999999999999"):
        assert client.get(f"/sitemap-topics-{part}.xml").status_code == 404


def test_robots_are_told_what_is_not_for_them(client):
    text = client.get("/robots.txt").text

    assert "Disallow: /account/\n" in text
    assert "Disallow: /through/\n" in text
    assert "Sitemap: https://borderpost.example/sitemap.xml" in text


def test_every_older_title_keeps_its_address(client):
    topic = make_topic(title="The first of all titles")
    addresses = [topic.get_absolute_url()]
    for title in ("The second title", "The third title"):
        topic.opening_post.refresh_from_db()
        edits.edit_post(
            topic.author,
            topic.opening_post,
            source="x",
            title=title,
            based_on=topic.opening_post.edits_count,
        )
        topic.refresh_from_db()
        addresses.append(topic.get_absolute_url())

    assert {client.get(address, follow=True).request["PATH_INFO"] for address in addresses} == {addresses[-1]}


def test_invisible_characters_do_not_come_into_titles_and_so_not_into_feeds(client):
    client.force_login(make_user())
    subforum = make_subforum()

    client.post(f"/forums/{subforum.slug}/new/", {"title": "Bedel\x01 in \u202ewinter", "source": "x"})

    entry = entries(client, "/feed/")[0]
    assert entry.find(f"{ATOM}title").text == "Bedel in winter"


def test_a_name_that_xml_cannot_hold_leaves_the_feed_whole(client):
    subforum = make_subforum(name="Visas\x0b and\uffff permits")

    answer = client.get(f"/forums/{subforum.slug}/feed/")

    assert answer.status_code == 200
    assert "<title>Visas and permits</title>" in answer.text


def test_links_in_a_feed_are_absolute_and_it_names_its_base(client):
    first = make_post(source="The first.")
    make_post(topic=first.topic, source=f"> [x](/posts/{first.pk}/)\n> The first.\n\nSee [the rules](/rules/).")

    answer = client.get("/feed/").text

    assert 'xml:base="https://borderpost.example/"' in answer
    assert 'href="/' not in unescape(answer)
    assert 'href="https://borderpost.example/rules/"' in unescape(answer)


def test_an_empty_feed_answers_the_same_whenever_it_is_asked(client):
    subforum = make_subforum()

    first, second = (client.get(f"/forums/{subforum.slug}/feed/") for _ in range(2))

    assert first.content == second.content
    assert "<updated>1970-01-01T00:00:00+00:00</updated>" in first.text


def test_the_sitemap_lists_no_subforum_that_asks_not_to_be_listed(client):
    empty, filled = make_subforum(), make_post().topic.subforum

    listed = client.get("/sitemap-subforums.xml").text

    assert filled.get_absolute_url() in listed
    assert empty.get_absolute_url() not in listed
