"""Two tabs in which one member writes for the same place: neither text is lost."""

import threading
import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone

from forum.actions import drafts
from forum.models import Draft
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.races import wait_until_one_is_blocked

pytestmark = pytest.mark.django_db


class Tab:
    """A form as it was opened, and what it saves."""

    def __init__(self, client, url, **more):
        self.client, self.url = client, url
        initial = client.get(url).context["form"].initial
        self.fields = {"idempotency_key": uuid.uuid4(), "draft_version": initial["draft_version"], **more}

    def save(self, source, how="quiet", **more):
        answer = self.client.post(self.url, {**self.fields, "source": source, "save": how, **more})
        self.fields["draft_version"] = answer.headers.get("Draft-Version", self.fields["draft_version"])
        return answer

    def post(self, source, **more):
        return self.client.post(self.url, {**self.fields, "source": source, **more})


@pytest.fixture
def writer(client):
    user = make_user()
    client.force_login(user)
    return user


def place(kind, writer):
    if kind == "reply":
        return f"/topics/{make_topic().pk}/reply/", {}
    if kind == "topic":
        return f"/forums/{make_subforum().slug}/new/", {"title": "Torugart in winter"}
    return f"/posts/{make_post(author=writer).pk}/edit/", {"based_on": 0}


KINDS = pytest.mark.parametrize("kind", ["reply", "topic", "edit"])


@KINDS
def test_the_second_of_two_tabs_is_told_and_both_texts_are_kept(client, writer, kind):
    url, more = place(kind, writer)
    one, two = Tab(client, url, **more), Tab(client, url, **more)
    one.save("Words of the first tab.")

    answer = two.save("Words of the second tab.")

    assert answer.status_code == 409
    draft = Draft.objects.get()
    assert draft.source == "Words of the first tab."
    assert [copy["source"] for copy in draft.copies] == ["Words of the second tab."]
    for text in ("Words of the first tab.", "Words of the second tab."):
        assert text in answer.text
        assert text in client.get("/drafts/").text
        assert text in client.get(url).text


@KINDS
def test_without_script_the_page_shows_both_and_either_can_be_kept(client, writer, kind):
    url, more = place(kind, writer)
    one, two = Tab(client, url, **more), Tab(client, url, **more)
    one.save("Words of the first tab.", "1")

    answer = two.save("Words of the second tab.", "1")
    version = Draft.objects.get().version

    assert answer.status_code == 409
    assert f'name="draft_version" value="{version}"' in answer.text
    assert two.save("Words of the second tab.", "1", draft_version=version).status_code == 302
    draft = Draft.objects.get()
    assert (draft.source, draft.copies) == ("Words of the second tab.", None)


def test_a_tab_never_meets_itself(client, writer):
    tab = Tab(client, place("reply", writer)[0])
    tab.save("We")
    tab.fields["draft_version"] = 0  # the answer was lost

    assert tab.save("We were").status_code == 204
    assert Draft.objects.get().source == "We were"


def test_the_same_text_of_two_tabs_is_no_question(client, writer):
    url, _ = place("reply", writer)
    one, two = Tab(client, url), Tab(client, url)
    one.save("The same.")

    assert two.save("The same.").status_code == 204
    assert Draft.objects.get().copies is None


def test_a_tab_opened_after_the_other_has_saved_goes_on_with_its_text(client, writer):
    url, _ = place("reply", writer)
    Tab(client, url).save("We")

    assert Tab(client, url).save("We were").status_code == 204
    assert Draft.objects.get().source == "We were"


@KINDS
def test_posting_from_one_tab_leaves_the_text_of_the_other(client, writer, kind):
    url, more = place(kind, writer)
    one, two = Tab(client, url, **more), Tab(client, url, **more)
    one.save("Words of the first tab.")

    assert two.post("Words of the second tab.").status_code == 302

    assert Draft.objects.get().source == "Words of the first tab."


@KINDS
def test_posting_ends_the_own_draft_and_the_copy_of_the_other_becomes_the_draft(client, writer, kind):
    url, more = place(kind, writer)
    one, two = Tab(client, url, **more), Tab(client, url, **more)
    one.save("Words of the first tab.")
    two.save("Words of the second tab.")

    assert one.post("Words of the first tab.").status_code == 302

    draft = Draft.objects.get()
    assert (draft.source, draft.copies) == ("Words of the second tab.", None)


def test_posting_a_copy_takes_the_copy_alone(client, writer):
    url, _ = place("reply", writer)
    one, two = Tab(client, url), Tab(client, url)
    one.save("Words of the first tab.")
    two.save("Words of the second tab.")

    two.post("Words of the second tab.")

    draft = Draft.objects.get()
    assert (draft.source, draft.copies) == ("Words of the first tab.", None)


def test_posting_what_another_device_began_ends_its_draft(client, writer):
    url, _ = place("reply", writer)
    Tab(client, url).save("Begun elsewhere.")

    Tab(client, url).post("Begun elsewhere, and finished.")

    assert not Draft.objects.exists()


def test_a_form_without_a_version_saves_as_before(client, writer):
    url, _ = place("reply", writer)
    for text in ("One.", "Two."):
        assert client.post(url, {"source": text, "save": "quiet"}).status_code == 204

    assert Draft.objects.get().source == "Two."


def test_an_emptied_tab_does_not_take_the_text_of_the_other(client, writer):
    url, _ = place("reply", writer)
    one, two = Tab(client, url), Tab(client, url)
    one.save("Words of the first tab.")

    assert two.save(" ").status_code == 204
    assert Draft.objects.get().source == "Words of the first tab."


def two_texts(client, writer):
    url, _ = place("reply", writer)
    one, two = Tab(client, url), Tab(client, url)
    one.save("Words of the first tab.")
    two.save("Words of the second tab.")
    draft = Draft.objects.get()
    return draft, f"/drafts/{draft.pk}/copies/{draft.copies[0]['key']}/"


def test_a_copy_is_used_and_the_other_text_becomes_one(client, writer):
    draft, url = two_texts(client, writer)

    for _ in range(2):
        assert client.post(url, {"use": "1"}).status_code == 302

    draft.refresh_from_db()
    assert draft.source == "Words of the second tab."
    assert [copy["source"] for copy in draft.copies] == ["Words of the first tab."]


def test_a_copy_is_discarded_and_the_draft_stays(client, writer):
    draft, url = two_texts(client, writer)

    for _ in range(2):
        assert client.post(url).status_code == 302

    draft.refresh_from_db()
    assert (draft.source, draft.copies) == ("Words of the first tab.", None)


def test_discarding_the_draft_leaves_the_copy(client, writer):
    draft, _ = two_texts(client, writer)

    client.post(f"/drafts/{draft.pk}/discard/")

    assert Draft.objects.get().source == "Words of the second tab."


def test_nobody_uses_the_copy_of_another(client, writer):
    draft, url = two_texts(client, writer)
    client.force_login(make_user(is_staff=True))

    assert client.post(url, {"use": "1"}).status_code == 404
    assert client.get(url).status_code == 404
    draft.refresh_from_db()
    assert draft.source == "Words of the first tab."


def test_the_page_of_the_topic_leads_to_the_other_text(client, writer):
    draft, _ = two_texts(client, writer)

    page = client.get(draft.topic.get_absolute_url()).text

    assert "another text for this topic" in page
    assert f'name="draft_version" value="{draft.version}"' in page


def test_what_a_form_posts_is_not_kept_as_a_copy_of_its_own():
    writer, topic, own = make_user(), make_topic(), drafts.Origin(uuid.uuid4())
    draft = drafts.save(writer, topic, source="Of this form.", origin=own)
    with pytest.raises(drafts.SavedElsewhere) as other:
        drafts.save(writer, topic, source="Of another.", origin=drafts.Origin(uuid.uuid4(), 0))
    [copy] = other.value.draft.copies
    drafts.take_copy(writer, draft, uuid.UUID(copy["key"]), use=True)

    drafts.discard(writer, topic, own)

    assert not Draft.objects.exists()


def test_only_so_many_copies_are_kept(client, writer):
    url, _ = place("reply", writer)
    tabs = [Tab(client, url) for _ in range(13)]
    for number, tab in enumerate(tabs):
        tab.save(f"Tab {number}")

    assert [copy["source"] for copy in Draft.objects.get().copies] == [f"Tab {number}" for number in range(3, 13)]


KEY = uuid.uuid4()


@pytest.mark.parametrize(
    ("origin", "form_key", "may"),
    [
        (drafts.Origin(), None, True), (drafts.Origin(None, 7), None, True), (drafts.Origin(None, 6), None, False),
        (drafts.Origin(KEY, 7), None, True), (drafts.Origin(KEY, 6), None, False), (drafts.Origin(KEY, 6), KEY, True),
        (drafts.Origin(KEY, 0), uuid.uuid4(), False),
    ],
)  # fmt: skip
def test_a_form_replaces_what_it_began_with_and_what_it_has_saved(origin, form_key, may):
    assert origin.may_replace(Draft(version=7, form_key=form_key)) is may


def test_versions_are_milliseconds_and_never_fall(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    moment = int(now.timestamp() * 1000)

    assert [drafts._next_version(version) for version in (0, moment - 1, moment, 2 * moment)] == [
        moment, moment, moment + 1, 2 * moment + 1,
    ]  # fmt: skip


def save_at_once(writer, topic, saves):
    """Two saves of two tabs opened without a draft, of which the second waits for the first."""
    kept = []

    def second():
        try:
            saves(writer, topic, "Second.", drafts.Origin(uuid.uuid4(), 0))
        except drafts.SavedElsewhere:
            kept.append("both")
        finally:
            connection.close()

    with transaction.atomic():
        drafts.save(writer, topic, source="First.", origin=drafts.Origin(uuid.uuid4(), 0))
        other = threading.Thread(target=second)
        other.start()
        wait_until_one_is_blocked()
    other.join()
    return kept


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_save_at_once_are_both_kept():
    writer, topic = make_user(), make_topic()

    kept = save_at_once(
        writer, topic, lambda user, where, text, origin: drafts.save(user, where, source=text, origin=origin)
    )

    assert kept == ["both"]
    draft = Draft.objects.get()
    assert [draft.source, *(copy["source"] for copy in draft.copies)] == ["First.", "Second."]


@pytest.mark.django_db(transaction=True)
def test_control_without_versions_the_first_text_would_be_lost():
    writer, topic = make_user(), make_topic()

    save_at_once(writer, topic, lambda user, where, text, origin: drafts.save(user, where, source=text))

    draft = Draft.objects.get()
    assert (draft.source, draft.copies) == ("Second.", None)
