"""Readers see who edited a post, and what it said before as far as everybody could read that."""

import pytest
from django.utils import timezone

from forum.actions import edits, subforums, topics, visibility
from forum.models import Post, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import plain

pytestmark = pytest.mark.django_db
SECRET = "xylophone"


def edit(post, source, by=None):
    post = Post.objects.select_related("topic__subforum", "author").get(pk=post.pk)
    return edits.edit_post(by or post.author, post, source=source, based_on=post.edits_count)


def history(client, post, number=""):
    return client.get(f"/posts/{post.pk}/history/{number}")


def test_a_visitor_reads_what_an_author_changed(client):
    post = make_post(source="The arch opens on Monday.")
    edit(post, "The arch opens on Tuesday.")

    page = history(client, post)

    assert page.status_code == 200
    assert "<del>Monday</del>" in page.text
    assert "<ins>Tuesday</ins>" in page.text
    assert f"Edit 1 by {post.author.username}" in plain(page.text)
    assert not page.cookies


@pytest.mark.parametrize(
    ("access", "of_topic", "of_post", "is_public"),
    [
        ("open", {}, {}, True), ("members", {}, {}, False), ("open", {"hidden_at": timezone.now()}, {}, False),
        ("open", {}, {"held_at": timezone.now()}, False),
    ],
)  # fmt: skip
def test_a_former_text_is_public_where_everybody_could_read_it(access, of_topic, of_post, is_public):
    post = make_post(topic=make_topic(subforum=make_subforum(access=access)))
    Topic.objects.filter(pk=post.topic_id).update(**of_topic)
    Post.objects.filter(pk=post.pk).update(**of_post or {"hidden_at": None})

    edit(post, "The arch opens on Tuesday.", by=make_user(is_staff=True))

    assert post.revisions.get().was_public is is_public


def test_the_post_leads_to_its_history(client):
    post = make_post()
    edit(post, "It was open on Tuesday.")

    assert f'href="/posts/{post.pk}/history/"' in client.get(post.topic.get_absolute_url()).text


def test_what_a_moderator_took_out_is_shown_to_nobody_else_and_neither_is_what_stood_before(client):
    post, moderator = make_post(source=f"Ask for {SECRET}."), make_user(is_staff=True)
    edit(post, f"Always ask for {SECRET}.")
    edit(post, "Always ask.", by=moderator)
    edit(post, "Always ask kindly.")

    page = history(client, post).text
    numbers = [history(client, post, f"{number}/").status_code for number in (1, 2, 3, 4)]

    assert SECRET not in page
    assert f"Edit 2 by {moderator.username}, a moderator" in plain(page)
    assert "kindly" in page
    assert numbers == [404, 404, 200, 404]


def test_when_a_moderator_edited_last_the_names_are_shown_and_no_words(client):
    post, moderator = make_post(source=f"Ask for {SECRET}."), make_user(is_staff=True)
    edit(post, "Ask.", by=moderator)

    page = history(client, post).text

    assert SECRET not in page
    assert "is not shown" in page
    assert moderator.username in page


def test_what_was_changed_while_it_waited_is_never_shown(client):
    post = make_post(source=f"Ask for {SECRET}.")
    edit(post, f"Do ask for {SECRET}.")
    Post.objects.filter(pk=post.pk).update(held_at=timezone.now())
    edit(post, "Do ask.")
    Post.objects.filter(pk=post.pk).update(held_at=None)

    page = history(client, post)

    assert page.status_code == 200
    assert SECRET not in page.text


@pytest.mark.parametrize("access", ["staff", "members", "chosen"])
def test_what_was_changed_where_not_everybody_reads_is_not_shown_when_that_opens(client, access):
    closed, admin = make_subforum(access=access), make_user(is_staff=True)
    topic = make_topic(subforum=closed, author=admin, source=f"Ask for {SECRET}.")
    edit(topic.opening_post, "Ask.")

    topics.move_topic(admin, topic, make_subforum())
    subforums.change_access(closed, "open")

    assert SECRET not in history(client, topic.opening_post).text


@pytest.mark.parametrize("state", ["hidden", "held"])
@pytest.mark.parametrize("of_topic", [False, True])
def test_the_history_of_what_cannot_be_read_is_not_there(client, state, of_topic):
    post = make_post()
    edit(post, "It was open on Tuesday.")
    row = Topic.objects.filter(pk=post.topic_id) if of_topic else Post.objects.filter(pk=post.pk)
    row.update(**{f"{state}_at": timezone.now()})

    as_visitor = history(client, post).status_code
    client.force_login(make_user())

    assert (as_visitor, history(client, post).status_code) == (404, 404)


def test_a_post_that_was_hidden_and_restored_shows_its_edits_again(client):
    post, moderator = make_post(source="On Monday."), make_user(is_staff=True)
    edit(post, "On Tuesday.")
    visibility.hide_post(moderator, post)
    visibility.restore_post(moderator, post)

    assert "Monday" in history(client, post).text


def test_edits_from_before_are_not_shown(client):
    post = make_post(source=f"Ask for {SECRET}.")
    edit(post, "Ask.")
    post.revisions.update(was_public=False)

    assert SECRET not in history(client, post).text


def test_its_author_and_moderators_read_all(client):
    post = make_post(source=f"Ask for {SECRET}.")
    edit(post, "Ask.", by=make_user(is_staff=True))

    for reader in (post.author, make_user(is_staff=True)):
        client.force_login(reader)
        assert SECRET in history(client, post, "1/").text


def test_turned_off_readers_see_that_it_was_edited_and_no_more(client, settings):
    settings.READERS_SEE_EDITS = False
    post = make_post()
    edit(post, "It was open on Tuesday.")

    page = client.get(post.topic.get_absolute_url()).text
    as_visitor = history(client, post)
    client.force_login(make_user())

    assert "Edited" in page
    assert "/history/" not in page
    assert as_visitor.url.startswith("/account/login/")
    assert history(client, post).status_code == 403


def test_readers_restore_nothing(client):
    post = make_post()
    edit(post, "It was open on Tuesday.")
    client.force_login(make_user())

    assert "/restore/" not in history(client, post).text
    assert client.post(f"/posts/{post.pk}/history/1/restore/").status_code == 403
