"""Changing what a post says, and reading what it said before."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts.models import User
from forum.actions import edits, visibility
from forum.extensions import screeners
from forum.models import Post, Topic
from forum.permissions import NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic, now
from tests.pages import plain

pytestmark = pytest.mark.django_db


def save(client, post, source, **fields):
    fields.setdefault("based_on", Post.objects.get(pk=post.pk).edits_count)
    return client.post(f"/posts/{post.pk}/edit/", {"source": source, **fields})


def test_an_edit_shows_and_what_was_said_before_is_kept(client):
    post = make_post(source="The car costs 200.")
    client.force_login(post.author)

    answer = save(client, post, "The car costs 250.", reason="New price")

    post.refresh_from_db()
    assert answer.url == f"/posts/{post.pk}/"
    assert ">The car costs 250.</p>" in post.html
    revision = post.revisions.get()
    assert (revision.number, revision.source, revision.reason) == (1, "The car costs 200.", "New price")
    assert revision.edited_by == post.author
    assert (post.edits_count, post.edited_at is None) == (1, False)


def test_the_history_shows_the_words_that_changed(client):
    post = make_post(source="The car costs 200.")
    client.force_login(post.author)
    save(client, post, "The car costs 250.")

    page = client.get(f"/posts/{post.pk}/history/").text

    assert "<del>200</del><ins>250</ins>" in page


def test_what_a_text_contains_is_no_markup_in_its_history(client):
    post = make_post(source="<script>one</script>")
    client.force_login(post.author)
    save(client, post, "<script>two</script>")

    page = client.get(f"/posts/{post.pk}/history/").text

    assert "<script>one" not in page
    assert "&lt;" in page


def test_an_edited_post_says_so(client):
    post = make_post()
    client.force_login(post.author)
    save(client, post, "It was open on Tuesday.")
    save(client, post, "It was open on Wednesday.")
    client.logout()

    page = client.get(post.topic.get_absolute_url()).text

    assert "Edited 2 times, last" in page
    assert f'<a href="/posts/{post.pk}/history/" rel="nofollow">' in page


def test_saving_the_same_text_changes_nothing(client):
    post = make_post(source="Open.")
    client.force_login(post.author)

    for _ in range(2):
        answer = save(client, post, "Open on Monday.", based_on=0)

    assert answer.status_code == 302
    assert post.revisions.count() == 1


def test_whoever_is_slower_sees_both_texts(client):
    post = make_post(source="Open.")
    moderator = make_user(is_staff=True)
    edits.edit_post(moderator, post, source="Open on Monday.", based_on=0)
    client.force_login(post.author)

    answer = save(client, post, "Open on Tuesday.", based_on=0)

    post.refresh_from_db()
    assert answer.status_code == 409
    assert "Open on Monday." in answer.text
    assert "Open on Tuesday." in answer.text
    assert post.source == "Open on Monday."
    assert save(client, post, "Open on Tuesday.", based_on=1).status_code == 302


def test_a_new_title_changes_the_address_and_the_old_one_leads_there(client):
    topic = make_topic(title="Torugart with a bycicle")
    old = topic.get_absolute_url()
    client.force_login(topic.author)

    save(client, topic.opening_post, "Is it open?", title="Torugart with a bicycle")

    topic.refresh_from_db()
    assert topic.title == "Torugart with a bicycle"
    assert client.get(old).url == topic.get_absolute_url() != old
    assert topic.opening_post.revisions.get().title == "Torugart with a bycicle"


@pytest.mark.parametrize("fields", [{"source": ""}, {"source": "x" * 20_001}, {"source": "Fine.", "reason": "x" * 201}])
def test_what_cannot_be_saved_is_given_back(client, fields):
    post = make_post(source="Open.")
    client.force_login(post.author)

    answer = save(client, post, **fields)

    assert answer.status_code == 400
    assert not post.revisions.exists()


@pytest.mark.parametrize("based_on", ["", "-1", "x", "99999999999999999999"])
def test_a_damaged_form_is_refused(client, based_on):
    post = make_post()
    client.force_login(post.author)

    assert save(client, post, "Open.", based_on=based_on).status_code == 400


def test_a_preview_saves_nothing(client):
    post = make_post(source="Open.")
    client.force_login(post.author)

    answer = save(client, post, "**Closed.**", preview="1")

    assert "<strong>Closed.</strong>" in answer.text
    assert not post.revisions.exists()


@pytest.mark.parametrize(
    ("trust", "days", "status"),
    [
        (User.Trust.NEW, 0, 200),
        (User.Trust.NEW, 2, 403),
        (User.Trust.MEMBER, 2, 200),
        (User.Trust.MEMBER, 91, 403),
        (User.Trust.TRUSTED, 4000, 200),
    ],
)
def test_trust_decides_how_long_authors_may_edit(client, trust, days, status):
    post = make_post(author=make_user(trust=trust), written_at=now() - timedelta(days=days))
    client.force_login(post.author)

    assert client.get(f"/posts/{post.pk}/edit/").status_code == status


def test_authors_do_not_edit_in_a_locked_topic_but_moderators_do(client):
    post, moderator = make_post(), make_user()
    post.topic.subforum.moderators.add(moderator)
    Topic.objects.filter(pk=post.topic_id).update(locked_at=now())

    client.force_login(post.author)
    assert save(client, post, "Closed.").status_code == 403
    client.force_login(moderator)
    assert save(client, post, "Closed.").status_code == 302


@pytest.mark.parametrize("who", ["another moderator", "an administrator"])
def test_moderators_do_not_edit_what_equals_and_superiors_wrote(client, who):
    post, moderator = make_post(source="Closed."), make_user()
    post.topic.subforum.moderators.add(moderator)
    if who == "an administrator":
        User.objects.filter(pk=post.author_id).update(is_staff=True)
    else:
        post.topic.subforum.moderators.add(post.author)
    edits.edit_post(User.objects.get(pk=post.author_id), post, source="Open.", based_on=0)
    client.force_login(moderator)

    assert client.get(f"/posts/{post.pk}/edit/").status_code == 403
    assert client.post(f"/posts/{post.pk}/edit/", {"source": "Mine.", "based_on": 1}).status_code == 403
    assert client.post(f"/posts/{post.pk}/history/1/restore/").status_code == 403
    assert f"/posts/{post.pk}/edit/" not in client.get(post.topic.get_absolute_url()).text
    assert "history/1/restore/" not in client.get(f"/posts/{post.pk}/history/").text


def test_moderators_edit_their_own_and_what_members_wrote(client):
    post, moderator = make_post(), make_user()
    post.topic.subforum.moderators.add(moderator)
    own = make_post(topic=post.topic, author=moderator)
    client.force_login(moderator)

    page = client.get(post.topic.get_absolute_url()).text

    assert f"/posts/{post.pk}/edit/" in page
    assert f"/posts/{own.pk}/edit/" in page


def test_others_do_not_edit_and_read_no_history_where_that_is_turned_off(client, settings):
    settings.READERS_SEE_EDITS = False
    post = make_post()
    client.force_login(make_user())

    assert client.get(f"/posts/{post.pk}/edit/").status_code == 403
    assert save(client, post, "Mine.").status_code == 403
    assert client.get(f"/posts/{post.pk}/history/").status_code == 403
    assert client.post(f"/posts/{post.pk}/history/1/restore/").status_code == 403


def test_a_hidden_post_is_not_edited_and_not_there_for_its_author(client):
    post = make_post()
    Post.objects.filter(pk=post.pk).update(hidden_at=now(), hidden_by=make_user(is_staff=True))
    client.force_login(post.author)

    assert client.get(f"/posts/{post.pk}/edit/").status_code == 404
    assert client.get(f"/posts/{post.pk}/history/").status_code == 404


def test_nobody_but_moderators_edits_in_a_hidden_topic():
    post, moderator = make_post(source="Open."), make_user(is_staff=True)
    visibility.hide_topic(moderator, post.topic)

    with pytest.raises(NotAllowed):
        edits.edit_post(post.author, post, source="Shut.", based_on=0)
    edits.edit_post(moderator, post, source="Open on Monday.", based_on=0)

    post.refresh_from_db()
    assert (post.source, post.edits_count) == ("Open on Monday.", 1)


def test_moderators_restore_what_a_post_said(client):
    post, moderator = make_post(source="Open."), make_user(is_staff=True)
    edits.edit_post(post.author, post, source="Buy my tour.", based_on=0)
    client.force_login(moderator)

    for _ in range(2):
        client.post(f"/posts/{post.pk}/history/1/restore/")

    post.refresh_from_db()
    assert post.source == "Open."
    assert [revision.reason for revision in post.revisions.order_by("number")] == ["", "Version 1 restored"]


def test_restoring_a_title_brings_it_back(client):
    topic, moderator = make_topic(title="The first title"), make_user(is_staff=True)
    edits.edit_post(topic.author, topic.opening_post, source="x", title="The second title", based_on=0)
    client.force_login(moderator)

    client.post(f"/posts/{topic.opening_post_id}/history/1/restore/")

    topic.refresh_from_db()
    assert topic.title == "The first title"


def test_a_version_that_never_was_is_not_found(client):
    post = make_post()
    client.force_login(make_user(is_staff=True))

    assert client.get(f"/posts/{post.pk}/history/7/").status_code == 404
    assert client.post(f"/posts/{post.pk}/history/7/restore/").status_code == 404


def test_a_mention_is_made_anew_with_an_edit(client):
    named, post = make_user(username="bakyt"), make_post()
    client.force_login(post.author)

    save(client, post, "Ask @bakyt.")

    post.refresh_from_db()
    assert f'href="{named.get_absolute_url()}"' in post.html
    assert post.references.get().user == named


def test_a_screener_sees_the_new_text_and_may_refuse_it(client):
    post = make_post(source="Open.")
    client.force_login(post.author)
    seen = []

    @screeners.register
    def no_tours(draft):
        seen.append(draft)
        return screeners.Refuse("No tours here.") if "tour" in draft.source else None

    try:
        answer = save(client, post, "Buy my tour.")
    finally:
        screeners.unregister(no_tours)

    assert "No tours here." in answer.text
    assert seen[0].post == post
    assert not post.revisions.exists()


def test_an_edit_ends_kept_pages(client):
    post = make_post()
    before = Topic.objects.get(pk=post.topic_id).version

    edits.edit_post(post.author, post, source="Closed.", based_on=0)

    assert Topic.objects.get(pk=post.topic_id).version > before


def test_a_reaction_meanwhile_does_not_stand_in_the_way_of_an_edit(client):
    post = make_post()
    Post.objects.filter(pk=post.pk).update(version=F("version") + 5)
    client.force_login(post.author)

    assert save(client, post, "Closed.", based_on=0).status_code == 302


def test_a_version_that_may_not_be_posted_any_more_is_not_restored_and_the_words_say_why(client):
    post, moderator = make_post(source="Call my cousin."), make_user(is_staff=True)
    edits.edit_post(moderator, post, source="Call nobody.", based_on=0)
    client.force_login(moderator)
    screener = screeners.register(lambda draft: screeners.Refuse("Leave out the cousin."))

    try:
        answer = client.post(f"/posts/{post.pk}/history/1/restore/", follow=True)
    finally:
        screeners.unregister(screener)

    post.refresh_from_db()
    assert "Leave out the cousin." in answer.text
    assert post.source == "Call nobody."


def test_a_version_the_present_markup_refuses_is_not_restored(client):
    post, moderator = make_post(), make_user(is_staff=True)
    edits.edit_post(moderator, post, source="Short.", based_on=0)
    post.revisions.update(source="> " * 12 + "deep")
    client.force_login(moderator)

    assert "deep in each other" in client.post(f"/posts/{post.pk}/history/1/restore/", follow=True).text


def test_two_editors_of_a_title_see_both(client):
    topic = make_topic(title="Torugart with a bicycle")
    post = topic.opening_post
    client.force_login(topic.author)
    edits.edit_post(make_user(is_staff=True), post, source=post.source, title="Torugart by bicycle", based_on=0)

    answer = save(client, post, post.source, title="Torugart on two wheels", based_on=0)

    assert answer.status_code == 409
    assert "<b>Torugart by bicycle</b>" in plain(answer.text)
    assert 'value="Torugart on two wheels"' in answer.text
