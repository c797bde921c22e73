"""An equal title in a subforum gets a question first, and no text is lost."""

import re
import uuid

import pytest
from django.db import connection

from accounts.models import User
from forum.actions import drafts, visibility
from forum.models import Draft, Topic
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic
from tests.moderation.factories import make_admin, make_moderator

pytestmark = pytest.mark.django_db
TITLE = "Torugart with a bicycle in June"
ASKED = "There is already a topic with this title."


def send(client, subforum, title=TITLE, **fields):
    fields = {"title": title, "source": "Is the arch open?", "idempotency_key": uuid.uuid4()} | fields
    return client.post(f"/forums/{subforum.slug}/new/", fields)


@pytest.fixture
def writer(client):
    user = make_user(trust=User.Trust.MEMBER)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        "torugart, with a BICYCLE in june?!",
        "  Torugart  with a bicycle in Júne",
        "Ｔorugart with a bicycle (in June)",
    ],
)
def test_an_equal_title_gets_a_question_and_the_same_form_again_opens(client, writer, title):
    there = make_topic(title=TITLE)

    asked = send(client, there.subforum, title)

    text = asked.content.decode()
    assert (asked.status_code, ASKED in text) == (409, True)
    assert there.get_absolute_url() in text
    assert "Is the arch open?" in text
    assert Topic.objects.count() == 1
    assert Draft.objects.get(user=writer).source == "Is the arch open?"

    shown = re.search(r'name="same_titled" value="([^"]*)"', text)[1]
    assert send(client, there.subforum, title, same_titled=shown).status_code == 302
    assert Topic.objects.count() == 2
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "title", ["Torugart with a bicycle in July", "Torugart with bicycles in June", "吐尔尕特口岸现在开放吗请问"]
)
def test_another_title_is_not_asked_about(client, writer, title):
    there = make_topic(title=TITLE)

    assert send(client, there.subforum, title).status_code == 302


def test_the_draft_of_another_tab_is_not_lost(client, writer):
    there = make_topic(title=TITLE)
    drafts.save(writer, there.subforum, title="Another title", source="Typed in another tab.")

    send(client, there.subforum, draft_version=0)

    kept = str(Draft.objects.filter(user=writer).values())
    assert "Typed in another tab." in kept
    assert "Is the arch open?" in kept


def test_titles_that_differ_by_vowel_signs_alone_are_others(client, writer):
    there = make_topic(title="सीमा पर बस कब")

    assert send(client, there.subforum, "सीमा पर बिस कब").status_code == 302
    assert send(client, there.subforum, "सीमा  पर बस कब!").status_code == 409


def test_the_same_title_elsewhere_is_no_question(client, writer):
    make_topic(title=TITLE)

    assert send(client, make_subforum()).status_code == 302


@pytest.mark.parametrize("who", ["member", "moderator", "admin"])
def test_hidden_and_held_topics_are_never_named(client, who):
    there = make_subforum()
    hidden, held = make_topic(title=TITLE, subforum=there), make_topic(title=TITLE, subforum=there)
    visibility.hide_topic(make_admin(), hidden)
    visibility.hold_post(make_admin(), held.opening_post)
    client.force_login({"member": make_user, "moderator": lambda: make_moderator(there), "admin": make_admin}[who]())

    assert send(client, there).status_code == 302


def test_the_same_form_twice_is_one_topic_and_no_question(client, writer):
    there, key = make_subforum(), uuid.uuid4()

    first, second = (send(client, there, idempotency_key=key) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Topic.objects.count() == 1


def test_what_the_writer_was_shown_is_not_asked_again_after_an_error(client, writer):
    there = make_topic(title=TITLE)

    answer = send(client, there.subforum, same_titled=f"{there.pk} ", source="")

    assert answer.status_code == 400
    assert f'name="same_titled" value="{there.pk} "' in answer.content.decode()


def test_a_newer_equal_title_is_asked_about_as_well(client, writer):
    there = make_topic(title=TITLE)
    make_topic(title=TITLE, subforum=there.subforum)

    assert send(client, there.subforum, same_titled=str(there.pk)).status_code == 409
    assert send(client, there.subforum, same_titled="nonsense").status_code == 409


def test_a_preview_asks_nothing(client, writer):
    there = make_topic(title=TITLE)

    answer = send(client, there.subforum, preview="1")

    assert (answer.status_code, ASKED in answer.content.decode()) == (200, False)


def test_equal_titles_are_found_by_their_index():
    there = make_topic(title=TITLE)
    for number in range(10):  # so that the subforum's own index is dearer
        make_topic(title=f"Another question {number}", subforum=there.subforum)
    equal = Topic.objects.filter(subforum=there.subforum).titled("TORUGART with a bicycle, in june")

    assert list(equal) == [there]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; ANALYZE forum_topic")
    assert "topics_by_folded_title" in equal.order_by().explain()
