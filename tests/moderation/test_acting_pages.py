"""The page on which a moderator acts on a topic and its posts, and the one for many topics."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crossings.links import actions
from crossings.models import TermState, TopicTerms
from forum.actions import visibility
from forum.counters.recount import recount
from forum.models import Post, Topic
from moderation.actions import post_acts
from moderation.filters.findings import note_hold
from moderation.models import ModerationEntry, Warning
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return make_topic(title="Torugart by bicycle")


@pytest.fixture
def moderator(topic, client):
    found = make_moderator(topic.subforum)
    client.force_login(found)
    return found


def act(client, topic, name, **more):
    return client.post(f"/moderation/topics/{topic.pk}/", {"act": name, "reason": "For order.", **more}, follow=True)


def test_only_moderators_of_its_subforum_see_the_page(client, topic):
    address = f"/moderation/topics/{topic.pk}/"
    of_another = make_moderator(make_subforum())

    assert client.get(address).status_code == 302
    for user in (topic.author, of_another):
        client.force_login(user)
        assert client.get(address).status_code == 403


def test_a_topic_is_locked_pinned_hidden_and_all_that_taken_back(client, moderator, topic):
    for name in ("lock", "pin", "hide", "restore", "unpin", "unlock"):
        assert act(client, topic, name, reason="For order.").status_code == 200

    found = Topic.objects.get(pk=topic.pk)
    assert (found.locked_at, found.pinned_at, found.hidden_at) == (None, None, None)
    assert ModerationEntry.objects.count() == 6


def test_a_topic_gets_another_title_and_its_history_says_so(client, moderator, topic):
    response = act(client, topic, "retitle", new_title="  Torugart,  bicycle, 2026 ")

    assert Topic.objects.get(pk=topic.pk).title == "Torugart, bicycle, 2026"
    assert ModerationEntry.objects.get().verb == "retitle"
    assert "gave “Torugart, bicycle, 2026” its title" in response.content.decode()


def test_a_topic_moves_only_between_subforums_that_one_moderates(client, moderator, topic):
    own, strange = make_subforum(), make_subforum()
    own.moderators.add(moderator)

    refused = act(client, topic, "move", subforum=strange.pk)
    moved = act(client, topic, "move", subforum=own.pk)

    assert (refused.status_code, moved.status_code) == (400, 200)
    assert Topic.objects.get(pk=topic.pk).subforum_id == own.pk


def test_topics_are_merged_by_number_or_by_address(client, moderator, topic):
    one, other = make_topic(subforum=topic.subforum), make_topic(subforum=topic.subforum)

    act(client, one, "merge", other=str(topic.pk))
    act(client, other, "merge", other=f"https://forum.example{topic.get_absolute_url()}")

    merged = Topic.objects.filter(merged_into=topic).values_list("pk", flat=True)
    assert set(merged) == {one.pk, other.pk}
    assert recount(mend=False) == []


def test_what_is_missing_is_said_and_what_was_typed_stays(client, moderator, topic):
    for name, more, words in (
        ("merge", {}, "Say which other topic"),
        ("merge", {"other": "nowhere"}, "No topic was found there"),
        ("merge", {"other": str(topic.pk)}, "cannot be merged into itself"),
        ("retitle", {"new_title": " "}, "Write the title"),
        ("move", {}, "Choose a subforum"),
        ("split", {"split_title": "Another"}, "Tick at least one post"),
        ("split", {"new_title": "Another", "posts": [topic.opening_post_id]}, "Write the title of the new topic"),
        ("hide-posts", {}, "Tick at least one post"),
        ("hide-posts", {"posts": [topic.opening_post_id]}, "Hide the topic instead"),
        ("burn", {}, "Choose one of the acts"),
        ("lock", {"rule": "77"}, "The rules have changed"),
    ):
        response = act(client, topic, name, reason="My reason.", **more)
        assert response.status_code in {400, 409}, name
        assert words in response.content.decode()
        assert "My reason." in response.content.decode()
    assert not ModerationEntry.objects.exists()


def test_ticked_posts_become_a_topic_of_their_own_and_come_back(client, moderator, topic):
    post = make_post(topic=topic)

    act(client, topic, "split", posts=[post.pk], split_title="Which bus?")
    new = Topic.objects.get(title="Which bus?")
    client.post(f"/moderation/entries/{ModerationEntry.objects.get().pk}/undo/")

    assert new.opening_post_id == post.pk
    assert Post.objects.get(pk=post.pk).topic_id == topic.pk


def test_ticked_posts_are_hidden_restored_moved_and_warned_about(client, moderator, topic):
    posts, other = [make_post(topic=topic) for _ in range(2)], make_topic(subforum=topic.subforum)
    ids = [post.pk for post in posts]

    act(client, topic, "hide-posts", posts=ids)
    hidden = Post.objects.filter(pk__in=ids, hidden_at=None).count()
    act(client, topic, "restore-posts", posts=ids)
    act(client, topic, "warn", posts=ids[:1], points="2")
    act(client, topic, "move-posts", posts=ids, other=str(other.pk))

    assert hidden == 0
    assert Warning.objects.get().points == 2
    assert Post.objects.filter(topic=other).count() == 3
    assert recount(mend=False) == []


def test_a_post_is_edited_with_a_reason_that_its_author_reads(client, moderator, topic):
    post = make_post(topic=topic, source="Call 12345.")

    client.post(f"/moderation/posts/{post.pk}/edit/", {"source": "Call me.", "based_on": 0, "reason": "No numbers."})

    assert Post.objects.get(pk=post.pk).source == "Call me."
    assert ModerationEntry.objects.get().words.reason == "No numbers."


def test_what_a_moderator_edits_on_the_forums_page_is_in_the_log_too(client, moderator, topic):
    post = make_post(topic=topic, source="Call 12345.")

    client.post(f"/posts/{post.pk}/edit/", {"source": "Call me.", "based_on": 0, "reason": "No numbers."})

    assert [(entry.verb, entry.by) for entry in ModerationEntry.objects.all()] == [("edit", moderator)]


def test_two_moderators_who_edit_one_post_get_both_texts(client, moderator, topic):
    post = make_post(topic=topic, source="First.")
    client.post(f"/moderation/posts/{post.pk}/edit/", {"source": "Second.", "based_on": 0})

    response = client.post(f"/moderation/posts/{post.pk}/edit/", {"source": "Third.", "based_on": 0})

    assert response.status_code == 400
    assert "Second." in response.content.decode()
    assert "Third." in response.content.decode()


def test_whoever_has_read_the_other_text_may_save_over_it(client, moderator, topic):
    post = make_post(topic=topic, source="First.")
    address = f"/moderation/posts/{post.pk}/edit/"
    client.post(address, {"source": "Second.", "based_on": 0})

    refused = client.post(address, {"source": "Third.", "based_on": 0})
    saved = client.post(address, {"source": "Third.", "based_on": refused.context["form"]["based_on"].value()})

    assert saved.status_code == 302
    assert Post.objects.get(pk=post.pk).source == "Third."


def test_what_is_hidden_while_one_edits_it_keeps_the_text_that_was_typed(client, moderator, topic):
    post = make_post(topic=topic)
    post_acts.hide(make_admin(), post, WHY)
    address = f"/moderation/posts/{post.pk}/edit/"

    response = client.post(address, {"source": "In kinder words.", "based_on": 0, "reason": "Kindly."})

    assert client.get(address).status_code == response.status_code == 403
    assert "In kinder words." in response.text
    assert "Kindly." in response.text
    assert Post.objects.get(pk=post.pk).source == post.source


def test_what_one_may_not_do_is_said_beside_what_was_typed(client, moderator, topic):
    by_equal = make_post(topic=topic, author=make_moderator(topic.subforum))
    theirs = make_topic(subforum=topic.subforum, author=make_admin())
    own = make_post(topic=topic)

    refused = [
        act(client, topic, "hide-posts", posts=[own.pk, by_equal.pk], reason="My reason."),
        client.post(
            f"/moderation/forums/{topic.subforum.slug}/",
            {"act": "hide", "topics": [topic.pk, theirs.pk], "reason": "My reason."},
        ),
    ]

    for response in refused:
        assert response.status_code == 403
        assert "You may not do this" in response.text
        assert "My reason." in response.text
    assert not ModerationEntry.objects.exists()


@pytest.mark.parametrize("title", ["\u200d", "\u200e \u200b", "!?", "\x07"])
def test_no_topic_gets_a_title_that_nobody_can_read(client, moderator, topic, title):
    post = make_post(topic=topic)

    for name, field in (("retitle", "new_title"), ("split", "split_title")):
        assert act(client, topic, name, **{field: title}, posts=[post.pk]).status_code == 400

    assert not ModerationEntry.objects.exists()


def test_a_merging_is_taken_back_from_the_page_of_where_the_posts_went(client, moderator, topic):
    other = make_topic(subforum=topic.subforum)
    page = act(client, other, "merge", other=str(topic.pk)).text
    merging = ModerationEntry.objects.get()

    assert f'action="/moderation/entries/{merging.pk}/undo/"' in page


def test_many_topics_are_ticked_and_locked_in_one_act(client, moderator, topic):
    others = [make_topic(subforum=topic.subforum) for _ in range(2)]
    address = f"/moderation/forums/{topic.subforum.slug}/"

    client.post(address, {"act": "lock", "topics": [other.pk for other in others], "reason": "Old."})

    assert Topic.objects.filter(locked_at=None).get() == topic
    assert ModerationEntry.objects.count() == 2
    assert client.post(address, {"act": "lock"}).status_code == 400


def test_a_topic_of_another_subforum_is_not_ticked_by_a_forged_form(client, moderator, topic):
    strange = make_topic()

    client.post(f"/moderation/forums/{topic.subforum.slug}/", {"act": "lock", "topics": [strange.pk]})

    assert Topic.objects.get(pk=strange.pk).locked_at is None


def test_members_have_no_way_to_any_of_it(client, topic):
    client.force_login(make_user())

    assert client.post(f"/moderation/topics/{topic.pk}/", {"act": "lock"}).status_code == 403
    assert client.get(f"/moderation/forums/{topic.subforum.slug}/").status_code == 403
    assert client.get(f"/moderation/posts/{topic.opening_post_id}/edit/").status_code == 403


def test_crossings_that_a_moderator_links_are_in_the_log_and_go_back(client, moderator, topic):
    crossing = make_crossing()

    actions.set_links(moderator, topic, [crossing])
    actions.set_links(moderator, topic, [crossing])
    entry = ModerationEntry.objects.get()
    client.post(f"/moderation/entries/{entry.pk}/undo/")

    assert entry.verb == "link-crossings"
    assert not topic.crossing_links.standing().exists()


def test_crossings_that_its_author_links_are_no_act_of_moderation(topic):
    topic.subforum.moderators.add(topic.author)

    actions.set_links(topic.author, topic, [make_crossing()])

    assert not ModerationEntry.objects.exists()


def test_what_one_may_not_judge_has_no_way_to_be_edited(client, moderator, topic):
    of_an_equal, of_a_member = make_post(topic=topic, author=make_moderator(topic.subforum)), make_post(topic=topic)

    page = client.get(f"/moderation/topics/{topic.pk}/").content.decode()

    assert f"/moderation/posts/{of_a_member.pk}/edit/" in page
    assert f"/moderation/posts/{of_an_equal.pk}/edit/" not in page


def test_several_authors_are_warned_all_or_none(client, moderator, topic):
    of_a_member, of_an_equal = make_post(topic=topic), make_post(topic=topic, author=make_moderator(topic.subforum))

    refused = act(client, topic, "warn", posts=[of_a_member.pk, of_an_equal.pk])

    assert refused.status_code == 403
    assert not Warning.objects.exists()


def test_looking_at_pages_about_a_topic_that_waits_writes_nothing(client, moderator, topic):
    waiting = make_topic(subforum=topic.subforum)
    visibility.hold_post(None, waiting.opening_post)
    item = note_hold(waiting.opening_post, "links").item
    TopicTerms.objects.filter(topic=waiting).delete()
    TermState.objects.update(filled_until=0)
    client.get("/moderation/")

    with CaptureQueriesContext(connection) as asked:
        for address in (f"queue/{item.pk}/", f"queue/{item.pk}/context/", f"topics/{waiting.pk}/"):
            assert client.get(f"/moderation/{address}").status_code == 200

    assert [query["sql"] for query in asked if not query["sql"].lstrip().startswith(("SELECT", "WITH"))] == []
