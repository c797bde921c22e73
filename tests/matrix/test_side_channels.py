"""What may not be read is nowhere: not in lists, feeds, heads of pages, counters, profiles or quotes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crossings.links import actions
from crossings.models import CrossingReport
from crossings.status import update
from forum import markup, tasks
from forum.actions import subforums
from forum.counters.recount import recount
from forum.models import Post, Subforum, Topic
from forum.search import vocabulary
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import plain

pytestmark = pytest.mark.django_db
MARKER = "xylophone"
OF_A_MEMBER = ["", "posts/", "topics/", "answers/", "reactions/", "reactions/given/", "reports/"]


class Secrets:
    """The marker in everything that visitors may not read, beside a topic they may."""

    def __init__(self):
        now, staff = timezone.now(), make_user(is_staff=True)
        self.author = author = make_user(username="secret_keeper")
        self.public = public = make_topic(source="A public question.")
        here = {"author": author, "source": MARKER, "subforum": public.subforum}
        make_topic(title=f"Hidden {MARKER} topic", hidden_at=now, **here)
        make_topic(title=f"Held {MARKER} topic", held_at=now, **here)
        members, closed = make_subforum(access="members"), make_subforum(access="staff")
        make_topic(author=author, title=f"A {MARKER} of members", source=MARKER, subforum=members)
        make_topic(author=staff, title=f"A {MARKER} of the staff", source=MARKER, subforum=closed)
        Topic.objects.exclude(pk=public.pk).update(pinned_across_at=now)
        self.hidden, held = (make_post(topic=public, author=author, source=f"A {MARKER} post") for _ in range(2))
        make_post(topic=public, source=markup.quote(author.username, self.hidden.pk, "Bring cash."))
        Post.objects.filter(pk=self.hidden.pk).update(hidden_at=now, hidden_by=staff)
        Post.objects.filter(pk=held.pk).update(held_at=now)
        self.crossing = make_crossing()
        for topic in Topic.objects.all():
            actions.link_topic(topic, self.crossing, source="author", by=topic.author)
        for post in Post.objects.filter(source__contains=MARKER).exclude(topic=public):
            report = CrossingReport(crossed_on=now.date(), direction="a-b", mode="bus", outcome="found-closed")
            report.crossing, report.post = self.crossing, post
            report.save()
        update.judge(self.crossing.pk)
        tasks.render_referrers.func(self.hidden.pk)
        recount(mend=True)


@pytest.fixture
def secrets():
    return Secrets()


def everywhere(secrets):
    public = secrets.public
    names = ["index", "unanswered", "answered", "feed", "sitemap", "sitemap-subforums", "rules", "about"]
    return [
        *(reverse(f"forum:{name}") for name in names),
        "/sitemap-topics-1.xml",
        public.get_absolute_url(),
        f"/topics/{public.pk}/feed/",
        f"/topics/{public.pk}/answers/",
        public.subforum.get_absolute_url(),
        f"{public.subforum.get_absolute_url()}?tab=unanswered",
        f"/forums/{public.subforum.slug}/feed/",
        *(f"{secrets.author.get_absolute_url()}{page}" for page in OF_A_MEMBER),
        *("/latest/", "/latest/posts/", "/latest/posts/?country=KG", "/latest/?country=CN", "/countries/kg/experts/"),
        "/crossings/",
        *(f"{secrets.crossing.get_absolute_url()}{page}" for page in ("", "why/", "reports/", "topics/", "feed/")),
        secrets.crossing.get_absolute_url().removesuffix("/") + ".json",
        *("/countries/cn/", "/countries/cn/feed/", "/crossings.geojson", "/sitemap-crossings.xml"),
    ]


def test_a_visitor_finds_it_nowhere(client, secrets):
    assert [path for path in everywhere(secrets) if MARKER in client.get(path).text] == []


def plain_member():
    return make_user()


def suspended_moderator():
    user = make_user(suspended_until=timezone.now() + timedelta(days=3))
    user.moderated_subforums.set(Subforum.objects.all())
    return user


def suspended_administrator():
    return make_user(suspended_until=timezone.now() + timedelta(days=3), is_staff=True, is_superuser=True)


@pytest.mark.parametrize("reader", [plain_member, suspended_moderator, suspended_administrator])
def test_a_member_finds_it_only_in_what_members_may_read(client, secrets, reader):
    client.force_login(reader())

    pages = {path: client.get(path).text.replace(f"A {MARKER} of members", "") for path in everywhere(secrets)}

    told = (f"{MARKER} topic", f"{MARKER} post", f"{MARKER} of the staff")
    assert [path for path, page in pages.items() if any(words in page for words in told)] == []


def test_an_administrator_finds_it_so_the_proof_proves_something(client, secrets):
    client.force_login(make_user(is_staff=True))

    assert MARKER in client.get(secrets.public.get_absolute_url()).text
    assert MARKER in client.get(secrets.public.subforum.get_absolute_url()).text


@pytest.mark.parametrize(
    "query",
    [
        MARKER,
        f"hidden or {MARKER}",
        f"{MARKER} zebra tandem",
        f"{MARKER}x",
        MARKER[:-1] + "  or zebra",
    ],
)
def test_no_search_of_a_visitor_finds_it(client, secrets, query):
    vocabulary.count_words()

    found = client.get("/search/", {"q": query}).context["found"]

    assert (found.hits, found.count, found.meant) == ([], 0, "")
    assert not any(count for options in found.counted.topics.values() for count in options.values())


def test_a_search_that_goes_on_with_fewer_words_finds_only_what_a_visitor_may_read(client, secrets):
    found = client.get("/search/", {"q": f"{MARKER} post"}).context["found"]

    assert {post.topic_id for post in found.hits} <= {secrets.public.pk}
    assert not any(MARKER in f"{post.heading} {post.html}" for post in found.hits)
    assert found.count == len(found.hits)


def test_a_quote_no_longer_names_whose_post_was_hidden(client, secrets):
    page = client.get(secrets.public.get_absolute_url()).text

    assert "Bring cash." in page
    assert "secret_keeper" not in page.split("Bring cash.")[0].split("<blockquote")[-1]
    assert f"/posts/{secrets.hidden.pk}/" not in page


def test_counters_count_what_visitors_may_read(client, secrets):
    secrets.author.refresh_from_db()

    page = client.get("/").text
    counts = re.findall(r'<dt class="muted">(Topics|Posts)</dt>\s*<dd>(\d+)</dd>', page)
    assert counts == [("Topics", "1"), ("Posts", "2")]
    assert secrets.author.posts_count == 0


def test_reports_that_visitors_may_not_read_count_nowhere(client, secrets):
    secrets.crossing.refresh_from_db()

    assert CrossingReport.objects.count() == 4
    assert (secrets.crossing.reports_count, secrets.crossing.reported_status) == (0, "")


def test_the_last_post_of_a_list_is_one_that_visitors_may_read(client, secrets):
    page = plain(client.get(secrets.public.subforum.get_absolute_url()).text)

    last = secrets.public.posts.get(number=4)
    assert re.findall(r'<a href="/posts/([0-9]+)/">([^<]*)</a></span>', page) == [(str(last.pk), last.author.username)]


@pytest.mark.django_db(transaction=True)
def test_a_quote_names_nobody_from_a_subforum_that_was_closed_and_names_them_when_it_opens_again(client):
    quoted = make_post(author=make_user(username="secret_keeper"), source="At the gate.")
    quoting = make_post(source=markup.quote("secret_keeper", quoted.pk, "At the gate."))
    page = quoting.topic.get_absolute_url()
    assert "secret_keeper" in client.get(page).text

    subforums.change_access(quoted.topic.subforum, "staff")
    assert "secret_keeper" not in client.get(page).text

    subforums.change_access(quoted.topic.subforum, "open")
    assert "secret_keeper" in client.get(page).text
