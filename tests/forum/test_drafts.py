"""Typed text is never lost: kept half-way, given back, and gone once it is posted."""

import uuid

import pytest
from django.urls import reverse

from forum.actions import drafts, edits
from forum.models import Draft, Post, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    user = make_user()
    client.force_login(user)
    return user


def test_a_reply_is_kept_half_way_and_found_again(client, writer):
    topic = make_topic()

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "We were at the", "save": "1"})

    assert answer.url == "/drafts/"
    assert "We were at the" in client.get("/drafts/").text
    assert "We were at the" in client.get(f"/topics/{topic.pk}/reply/").text
    assert "We were at the" in client.get(topic.get_absolute_url()).text
    assert topic.posts.count() == 1


def test_the_script_keeps_it_without_a_page(client, writer):
    topic = make_topic()

    for text in ("We", "We were"):
        assert client.post(f"/topics/{topic.pk}/reply/", {"source": text, "save": "quiet"}).status_code == 204

    assert Draft.objects.get().source == "We were"


def test_a_new_topic_and_a_changed_post_are_kept_too(client, writer):
    subforum, post = make_subforum(), make_post(author=writer)

    client.post(f"/forums/{subforum.slug}/new/", {"title": "Bedel in", "source": "Is", "save": "1"})
    client.post(f"/posts/{post.pk}/edit/", {"source": "Half a change", "save": "1"})

    assert 'value="Bedel in"' in client.get(f"/forums/{subforum.slug}/new/").text
    assert "Half a change" in client.get(f"/posts/{post.pk}/edit/").text
    assert Draft.objects.count() == 2


def test_a_draft_ends_when_it_is_posted(client, writer):
    topic, subforum = make_topic(), make_subforum()
    own = make_post(author=writer)
    for url in (f"/topics/{topic.pk}/reply/", f"/forums/{subforum.slug}/new/", f"/posts/{own.pk}/edit/"):
        client.post(url, {"source": "Half", "save": "quiet"})

    client.post(f"/topics/{topic.pk}/reply/", {"source": "Whole."})
    client.post(f"/forums/{subforum.slug}/new/", {"title": "Bedel in winter", "source": "Whole."})
    client.post(f"/posts/{own.pk}/edit/", {"source": "Whole.", "based_on": 0})

    assert not Draft.objects.exists()


def test_the_page_after_posting_tells_the_device_to_forget(client, writer):
    topic = make_topic()

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "Whole."}, follow=True)

    assert f'data-done="posted topic-{topic.pk}' in answer.text


def test_emptying_the_text_discards_the_draft(client, writer):
    topic = make_topic()
    client.post(f"/topics/{topic.pk}/reply/", {"source": "Half", "save": "quiet"})

    client.post(f"/topics/{topic.pk}/reply/", {"source": " ", "save": "quiet"})

    assert not Draft.objects.exists()


def test_discarding_twice_changes_nothing(client, writer):
    topic = make_topic()
    client.post(f"/topics/{topic.pk}/reply/", {"source": "Half", "save": "quiet"})
    url = reverse("forum:discard-draft", args=[Draft.objects.get().pk])

    for _ in range(2):
        assert client.post(url).url == "/drafts/"
    assert f'data-done="discarded topic-{topic.pk}"' in client.get("/drafts/").text

    assert not Draft.objects.exists()


def test_nobody_sees_or_discards_the_draft_of_another(client, writer):
    topic = make_topic()
    client.post(f"/topics/{topic.pk}/reply/", {"source": "A secret", "save": "quiet"})
    url = reverse("forum:discard-draft", args=[Draft.objects.get().pk])
    client.force_login(make_user(is_staff=True))

    assert client.get(url).status_code == 404
    client.post(url)
    assert Draft.objects.exists()
    for page in ("/drafts/", f"/topics/{topic.pk}/reply/"):
        assert "A secret" not in client.get(page).text


def test_a_draft_for_a_topic_that_went_names_it_no_longer(client, writer):
    topic = make_topic(title="A title nobody may read")
    client.post(f"/topics/{topic.pk}/reply/", {"source": "My own words", "save": "quiet"})
    Topic.objects.update(hidden_at=now())

    page = client.get("/drafts/").text

    assert "My own words" in page
    assert topic.title not in page


def test_a_text_too_long_to_post_is_kept_and_one_beyond_reason_is_not(client, writer):
    topic = make_topic()

    assert client.post(f"/topics/{topic.pk}/reply/", {"source": "x" * 30_000, "save": "quiet"}).status_code == 204
    assert client.post(f"/topics/{topic.pk}/reply/", {"source": "x" * 100_001, "save": "quiet"}).status_code == 400


def test_a_draft_of_an_edit_meets_an_edit_made_since(client, writer):
    post = make_post(author=writer, source="Open.")
    client.post(f"/posts/{post.pk}/edit/", {"source": "Mine.", "based_on": 0, "save": "quiet"})
    edits.edit_post(make_user(is_staff=True), post, source="Theirs.", based_on=0)

    form = client.get(f"/posts/{post.pk}/edit/").context["form"]
    answer = client.post(f"/posts/{post.pk}/edit/", {"source": "Mine.", "based_on": form.initial["based_on"]})

    assert answer.status_code == 409


def test_a_quote_stands_after_what_was_written_before(client, writer):
    topic = make_topic(source="Is the arch open?")
    client.post(f"/topics/{topic.pk}/reply/", {"source": "Half a reply", "save": "quiet"})

    form = client.get(f"/topics/{topic.pk}/reply/?quote={topic.opening_post_id}").context["form"]

    assert form.initial["source"].startswith("Half a reply\n\n> [")
    assert form.initial["source"].endswith("> Is the arch open?\n\n")


def test_whoever_was_signed_out_gets_the_text_back(client):
    topic = make_topic()

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "Two hours of typing"}, follow=True)

    assert answer.redirect_chain == [("/kept/", 302)]
    assert "Two hours of typing" in answer.text
    assert topic.posts.count() == 1


def test_replies_that_arrived_while_writing_are_shown_first(client, writer):
    topic = make_topic()
    form = client.get(f"/topics/{topic.pk}/reply/").context["form"]
    values = {
        "source": "The same answer.",
        "seen": form.initial["seen"],
        "idempotency_key": form.initial["idempotency_key"],
    }
    make_post(topic=topic, source="I was faster.")

    first = client.post(f"/topics/{topic.pk}/reply/", values)
    assert first.status_code == 409
    assert "1 reply arrived while you wrote" in first.text
    assert "I was faster." in first.text
    assert "The same answer." in first.text
    assert Post.objects.filter(author=writer).count() == 0

    second = client.post(f"/topics/{topic.pk}/reply/", values | {"seen": first.context["form"].data["seen"]})
    assert second.status_code == 302


def test_repeating_a_form_that_was_posted_asks_nothing(client, writer):
    topic = make_topic()
    form = client.get(f"/topics/{topic.pk}/reply/").context["form"]
    values = {"source": "Once.", "seen": 1, "idempotency_key": form.initial["idempotency_key"]}
    client.post(f"/topics/{topic.pk}/reply/", values)
    make_post(topic=topic)

    assert client.post(f"/topics/{topic.pk}/reply/", values).status_code == 302
    assert Post.objects.filter(author=writer).count() == 1


def test_a_preview_for_the_script_is_a_part_of_a_page(client, writer):
    topic = make_topic()

    answer = client.post(
        f"/topics/{topic.pk}/reply/", {"source": "**Bold**", "preview": "1"}, headers={"HX-Request": "true"}
    )
    nothing = client.post(f"/topics/{topic.pk}/reply/", {"source": "", "preview": "1"}, headers={"HX-Request": "true"})

    assert answer.text.strip().startswith('<div id="preview"')
    assert "<strong>Bold</strong>" in answer.text
    assert "Write your text first" in nothing.text


def test_a_draft_that_is_kept_again_after_anothers_edit_still_meets_it(client, writer):
    post = make_post(author=writer, source="Open.")
    edits.edit_post(make_user(is_staff=True), post, source="Theirs.", based_on=0)
    client.post(f"/posts/{post.pk}/edit/", {"source": "Mine.", "based_on": 0, "save": "quiet"})

    form = client.get(f"/posts/{post.pk}/edit/").context["form"]
    answer = client.post(f"/posts/{post.pk}/edit/", {"source": "Mine.", "based_on": form.initial["based_on"]})

    assert answer.status_code == 409


def test_what_the_script_keeps_too_late_is_no_draft(client, writer):
    topic, post, opening = make_topic(), make_post(author=writer), make_topic(author=writer).opening_post
    values = {"source": "Posted.\r\n", "idempotency_key": uuid.uuid4()}
    edited = {"source": "Changed.", "based_on": 0}
    client.post(f"/topics/{topic.pk}/reply/", values)
    for changed in (post, opening):
        client.post(f"/posts/{changed.pk}/edit/", edited | {"title": changed.topic.title})

    late = client.post(f"/topics/{topic.pk}/reply/", values | {"save": "quiet"})
    client.post(f"/posts/{post.pk}/edit/", edited | {"save": "quiet"})
    client.post(f"/posts/{opening.pk}/edit/", edited | {"title": opening.topic.title, "save": "quiet"})

    assert late.status_code == 204
    assert not Draft.objects.exists()


def test_the_same_words_in_another_form_are_kept(client, writer):
    topic = make_topic()
    values = {"source": "Thank you!", "idempotency_key": uuid.uuid4()}
    client.post(f"/topics/{topic.pk}/reply/", values)

    client.post(f"/topics/{topic.pk}/reply/", values | {"idempotency_key": uuid.uuid4(), "save": "quiet"})

    assert Draft.objects.get().source == "Thank you!"


def test_what_was_posted_without_a_form_says_nothing_of_one_without_a_key(writer):
    post = make_post(author=writer, source="Thank you!")

    assert not drafts.is_posted(writer, post.topic, source="Thank you!", title="", key=None)


def test_what_is_typed_after_going_back_to_the_form_is_kept(client, writer):
    topic = make_topic()
    values = {"source": "Posted.", "idempotency_key": uuid.uuid4()}
    client.post(f"/topics/{topic.pk}/reply/", values)

    client.post(f"/topics/{topic.pk}/reply/", values | {"source": "Posted, and more.", "save": "quiet"})

    assert Draft.objects.get().source == "Posted, and more."


def test_a_changed_title_above_the_same_text_is_kept(client, writer):
    post = make_topic(author=writer).opening_post
    edits.edit_post(writer, post, source="Changed.", based_on=0)

    client.post(f"/posts/{post.pk}/edit/", {"title": "Half a ti", "source": "Changed.", "save": "quiet"})

    assert Draft.objects.get().title == "Half a ti"


def test_a_draft_ends_too_when_the_post_is_saved_as_it_was(client, writer):
    post = make_post(author=writer, source="Open.")
    client.post(f"/posts/{post.pk}/edit/", {"source": "Closed?", "based_on": 0, "save": "quiet"})

    client.post(f"/posts/{post.pk}/edit/", {"source": "Open.", "based_on": 0})

    assert not Draft.objects.exists()


def test_whoever_was_signed_out_gets_a_title_back_that_has_no_text_yet(client):
    answer = client.post(f"/forums/{make_subforum().slug}/new/", {"title": "Bedel in winter", "source": ""})

    assert answer.status_code == 400
    assert "Bedel in winter" in answer.text


@pytest.mark.parametrize("source", ["At the gate. " * 40 + "The last words.", "> " * 12 + "The last words."])
def test_a_draft_for_a_topic_that_was_locked_can_be_copied_whole(client, writer, source):
    topic = make_topic()
    client.post(f"/topics/{topic.pk}/reply/", {"source": source, "save": "quiet"})
    Topic.objects.update(locked_at=now())

    assert "The last words." in client.get("/drafts/").text
