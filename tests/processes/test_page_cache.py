"""Visitors' pages are kept by every process for itself, and no process ever shows an old one."""

import re

import pytest
from django.utils import timezone

from accounts.members.rename import rename
from accounts.models import ExpertBadge
from forum.actions import answers, edits, posts, reactions, subforums, topics
from forum.actions.rules import set_rules
from forum.models import Section, Subforum
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.processes.servers import running
from tests.races import wait_until

pytestmark = [pytest.mark.django_db(transaction=True)]


def edit(world):
    edits.edit_post(world.post.author, world.post, source="Changed words.", based_on=0)
    return "Changed words."


def reply(world):
    posts.reply(world.reader, world.topic, source="A new reply.")
    return "A new reply."


def withdraw(world):
    posts.withdraw_post(world.post.author, world.post)
    return "Withdrawn by its author"


def lock(world):
    topics.lock_topic(world.staff, world.topic)
    return "This topic is locked"


def react(world):
    reactions.react(world.reader, world.post, "helpful")
    return "Helpful <b>1</b>"


def accept(world):
    answers.accept_answer(world.topic.author, world.post)
    return "Accepted</a> by"


def rename_author(world):
    rename(world.post.author, "another name")
    return "another name"


def rename_topic(world):
    post = world.topic.opening_post
    edits.edit_post(post.author, post, source="x", title="Another title altogether", based_on=0)
    return "Another title altogether"


def give_badge(world):
    ExpertBadge.objects.create(
        user=world.post.author, title="Marmot expert", given_by=world.staff, given_at=timezone.now()
    )
    return "Marmot expert"


def withdraw_badge(world):
    give_badge(world)
    for server in world.servers:
        assert "Marmot expert" in page_of(server, world.topic)
    ExpertBadge.objects.update(withdrawn_at=timezone.now())
    return "not: Marmot expert"


def change_rules(world):
    set_rules(world.staff, world.topic.subforum, introduction="Look first.", rules=["Name the pass."])
    return "Name the pass."


def rename_subforum(world):
    Subforum.objects.filter(pk=world.topic.subforum_id).update(name="Roads of the moon")
    return "Roads of the moon"


def rename_section(world):
    Section.objects.update(name="On the moon")
    return "On the moon"


CHANGES = [
    edit, reply, withdraw, lock, react, accept, rename_author, rename_topic, give_badge, withdraw_badge, change_rules,
    rename_subforum, rename_section,
]  # fmt: skip


class World:
    def __init__(self, servers):
        self.servers = servers
        self.staff = make_user(is_staff=True)
        self.reader = make_user()
        self.post = make_post(source="First words.")
        self.topic = self.post.topic


def page_of(server, topic):
    topic.refresh_from_db()
    return server.text(topic.get_absolute_url())


@pytest.fixture
def servers():
    with running(2) as found:
        yield found


def test_every_change_shows_at_once_in_every_process(servers):
    late = {}
    for change in CHANGES:
        world = World(servers)
        for server in servers:
            page_of(server, world.topic)
            assert page_of(server, world.topic) == page_of(server, world.topic)  # kept by now
        sign = change(world)
        for server in servers:
            page = page_of(server, world.topic)
            shows = sign.removeprefix("not: ") not in page if sign.startswith("not: ") else sign in page
            if not shows:
                late[change.__name__] = page

    assert late == {}


def test_lists_follow_at_once_too(servers):
    topic = make_topic(title="The only topic here")
    lists = ["/", topic.subforum.get_absolute_url(), "/unanswered/", "/feed/", f"/forums/{topic.subforum.slug}/feed/"]
    before = [server.text(path) for server in servers for path in lists]
    assert all("The only topic here" in page for page in before)

    post = topic.opening_post
    edits.edit_post(post.author, post, source="x", title="The topic has a title", based_on=0)
    renamed = [server.text(path) for server in servers for path in lists]
    assert all("The topic has a title" in page for page in renamed)

    posts.withdraw_topic(topic.author, topic)
    gone = [server.text(path) for server in servers for path in lists]
    assert not any("The topic has a title" in page for page in gone)


def test_access_that_is_taken_away_is_gone_at_once(servers):
    topic = make_topic()
    paths = [topic.get_absolute_url(), topic.subforum.get_absolute_url(), f"/topics/{topic.pk}/feed/"]
    for server in servers:
        assert [server.get(path).status for path in paths] == [200, 200, 200]

    subforums.change_access(topic.subforum, Subforum.Access.MEMBERS)

    for server in servers:
        assert [server.get(path).status for path in paths] == [404, 404, 404]


def posts_shown(page):
    """How many posts the authors on a page have written."""
    return set(re.findall(r'class="posts-count"><a [^>]*>(\d+)<', page))


def test_side_figures_follow_when_the_time_of_a_page_is_over():
    post = make_post()
    with running(1, KEPT_SECONDS="2") as [server]:
        path = post.topic.get_absolute_url()
        assert "2" not in posts_shown(server.text(path))

        make_post(author=post.author)  # in another topic: only the counter beside the post changes
        wait_until(lambda: "2" in posts_shown(server.text(path)))


def test_what_does_not_belong_to_an_address_neither_poisons_nor_bloats(servers):
    topic = make_topic()
    path = topic.get_absolute_url()
    server = servers[0]
    clean = server.text(path)

    odd = {
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "https",
        "X-Original-URL": "/evil/",
        "Accept": "application/x-evil",
        "HX-Request": "true",
        "User-Agent": "<evil>",
    }
    with_headers = server.text(path, **odd)
    with_queries = [server.text(f"{path}?{query}") for query in ("evil=1", "page=1&evil=1", "tab=evil", "&", "page=0")]

    assert with_headers == clean == server.text(path)
    assert all("evil" not in page.replace("evil=1", "") for page in with_queries)
    assert server.get(path, Host="evil.test").status == 400
    assert server.text(path) == clean


def test_a_member_never_meets_the_page_of_a_visitor_nor_the_other_way_round(servers, client):
    topic = make_topic()
    member = make_user(username="only_for_me")
    client.force_login(member)
    cookie = f"session={client.cookies['session'].value}"
    server = servers[0]

    visitor = server.text(topic.get_absolute_url())
    mine = server.get(topic.get_absolute_url(), Cookie=cookie)

    assert "only_for_me" in mine.body.decode()
    assert mine.getheader("Cache-Control") == "no-store"
    assert server.text(topic.get_absolute_url()) == visitor
    assert "only_for_me" not in visitor
