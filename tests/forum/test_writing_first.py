"""A visitor writes first and signs up afterwards: the text is kept, encrypted, and nothing is posted by itself."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import KeptText, RateCount
from crossings.models import CrossingReport
from forum.models import Post, Subforum, Topic
from tests.accounts.test_signing_up import mailed_path, sign_up
from tests.crossings.factories import make_crossing
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_subforum, make_topic
from tests.mailbox import sent

pytestmark = pytest.mark.django_db
QUESTION = {"title": "Is Torugart open in March", "source": "We come by bicycle, from the south."}


@pytest.fixture(autouse=True)
def our_address(settings):
    settings.SITE_URL = "https://borderpost.example"


@pytest.fixture
def subforum():
    return make_subforum(slug="open-or-closed")


def write(client, path="/forums/open-or-closed/new/", *, address="192.0.2.1", **fields):
    return client.post(path, QUESTION | {"idempotency_key": str(uuid4())} | fields, REMOTE_ADDR=address)


def sign_in(client, login="kettle"):
    return client.post("/account/login/", {"login": login, "password": PASSWORD, "next": "/kept/"}, follow=True)


def go_on(client):
    """The form of the only text that is kept, from the list of all."""
    return client.get(unescape(re.search(r'href="([^"]*\?kept=\d+)"', client.get("/kept/").text)[1]))


def typed_in(page):
    """The fields of a composer, as a browser would send them."""
    form = re.search(r'<form class="(?:compose|sheet pad stack tight write).*?</form>', page, re.DOTALL)[0]
    fields = {
        name: value
        for tag in re.findall(r"<input[^>]*>", form)
        if (name := attribute(tag, "name")) and (value := attribute(tag, "value"))
    }
    return fields | {"source": re.search(r"<textarea[^>]*>\s?(.*?)</textarea>", form, re.DOTALL)[1].strip()}


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


# --- The journey ---


def test_a_question_survives_signing_up_and_another_device(client, subforum):
    assert client.get("/forums/open-or-closed/new/").status_code == 200
    assert write(client)["Location"] == "/kept/"
    assert "from the south" in client.get("/kept/").text
    sign_up(client)
    elsewhere = Client()
    answer = elsewhere.post(mailed_path(sent()[0]), follow=True)

    assert answer.redirect_chain[-1][0] == "/kept/"
    assert "from the south" in answer.text
    page = go_on(elsewhere).text
    assert "You wrote this before you signed in" in page
    assert not Post.objects.exists()
    posted = elsewhere.post("/forums/open-or-closed/new/", typed_in(page) | {"rules_read": "on"})

    topic = Topic.objects.get()
    assert posted["Location"] == topic.opening_post.get_absolute_url()
    assert (topic.title, topic.author.username) == (QUESTION["title"], "kopek")
    assert topic.opening_post.source == QUESTION["source"]
    assert not KeptText.objects.exists()


def test_a_reply_survives_signing_in(client):
    topic, member = make_topic(), make_user("kettle")
    path = f"/topics/{topic.pk}/reply/"

    write(client, path, title="", source="It was open on Monday.", seen="1")
    sign_in(client)
    client.post(path, typed_in(go_on(client).text))

    reply = Post.objects.get(number=2)
    assert (reply.author, reply.source) == (member, "It was open on Monday.")
    assert not KeptText.objects.exists()


def test_a_report_survives_with_all_its_facts(client):
    make_crossing(slug="torugart", countries=("CN", "KG"))
    make_user("kettle", trust=1)
    day = (timezone.now() - timedelta(days=1)).date().isoformat()
    facts = {"crossed_on": day, "direction": "b-a", "mode": "bicycle", "outcome": "refused-exit", "papers": ["visa"]}

    assert write(client, "/crossings/torugart/report/", source="No stamp.", **facts)["Location"] == "/kept/"
    sign_in(client)
    page = go_on(client).text

    assert f'value="{day}"' in page
    assert re.search(r'value="bicycle"[^>]*checked', page)
    assert "No stamp." in page
    key, kept = (re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("idempotency_key", "kept"))
    client.post("/crossings/torugart/report/", {**facts, "source": "No stamp.", "idempotency_key": key, "kept": kept})
    assert CrossingReport.objects.get().outcome == "refused-exit"
    assert not KeptText.objects.exists()


def test_similar_topics_and_preview_are_there_for_the_text(client, subforum):
    answer = client.post("/forums/open-or-closed/new/", QUESTION | {"preview": "1"})

    assert answer.status_code == 200
    assert '<p dir="auto">We come by bicycle' in answer.text
    assert not KeptText.objects.exists()


def test_mistakes_are_told_before_anybody_signs_up(client, subforum):
    answer = write(client, title="Short")

    assert answer.status_code == 400
    assert "from the south" in answer.text
    assert not KeptText.objects.exists()


def test_pressing_post_twice_keeps_one_text_and_posts_one(client, subforum):
    key = str(uuid4())
    make_user("kettle")
    for _ in range(2):
        write(client, idempotency_key=key)
    assert KeptText.objects.count() == 1

    sign_in(client)
    fields = typed_in(go_on(client).text)
    places = {client.post("/forums/open-or-closed/new/", fields)["Location"] for _ in range(2)}

    assert len(places) == 1
    assert Topic.objects.count() == 1


def test_new_members_are_held_as_always(client):
    make_subforum(slug="open-or-closed", first_posts=Subforum.FirstPosts.ALL)
    write(client)
    make_user("kettle")

    sign_in(client)
    fields = typed_in(go_on(client).text)
    client.post("/forums/open-or-closed/new/", fields)

    assert Topic.objects.get().held_at is not None


def test_one_who_may_not_write_finds_the_text_but_posts_nothing(client, subforum):
    write(client)
    make_user("kettle", suspended_until=timezone.now() + timedelta(days=3))

    assert "from the south" in sign_in(client).text
    assert go_on(client).status_code == 403
    assert KeptText.objects.count() == 1


def test_who_finds_the_form_closed_has_the_whole_text_to_copy_and_can_throw_it_away(client):
    topic = make_topic()
    words = "It was open on Monday. " * 100 + "And the last word."
    write(client, f"/topics/{topic.pk}/reply/", title="", source=words, seen="1")
    make_user("kettle")
    Topic.objects.update(locked_at=timezone.now())

    page = sign_in(client).text

    assert words in page
    assert go_on(client).status_code in {302, 403, 409}
    client.post(f"/kept/{KeptText.objects.get().pk}/throw-away/")
    assert not KeptText.objects.exists()


# --- Where ---


@pytest.mark.parametrize("access", [Subforum.Access.MEMBERS, Subforum.Access.STAFF, Subforum.Access.ANNOUNCEMENTS])
def test_where_visitors_cannot_write_their_text_is_shown_to_copy(client, access):
    make_subforum(slug="open-or-closed", access=access)

    answer = write(client)

    assert answer.status_code == 403
    assert "from the south" in answer.text
    assert client.get("/forums/open-or-closed/new/")["Location"].startswith("/account/login/")
    assert not KeptText.objects.exists()


def test_a_locked_topic_takes_no_text(client):
    topic = make_topic(locked_at=timezone.now())

    assert write(client, f"/topics/{topic.pk}/reply/").status_code == 403
    assert not KeptText.objects.exists()


def test_opening_the_composer_writes_nothing(client, subforum):
    client.get("/forums/open-or-closed/new/")
    client.get("/kept/")

    assert not RateCount.objects.exists()
    assert not KeptText.objects.exists()
    assert "session" not in client.cookies


# --- What goes wrong on the way to an account loses nothing ---


def test_the_text_survives_mistakes_at_signing_up(client, subforum, settings):
    make_user("kettle")
    write(client)

    sign_up(client, username="kettle")
    sign_up(client, password="short")
    client.post("/account/signup/", {"username": "kopek", "email": "kopek@example.org", "website": "x"})
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_up": "0/1h"}
    assert sign_up(client).status_code == 429

    assert "from the south" in client.get("/kept/").text


def test_an_address_that_has_an_account_is_told_nothing_and_the_text_waits_for_signing_in(client, subforum):
    make_user("kettle", email="kopek@example.org")
    write(client)

    assert sign_up(client)["Location"] == "/account/confirm-email/"
    assert KeptText.objects.get().user is None
    assert "from the south" in sign_in(client).text


def test_a_mistyped_address_at_the_first_sign_up_loses_nothing(client, subforum):
    write(client)
    sign_up(client, username="kopek_1x", email="kopekk@example.org")
    assert "from the south" in client.get("/kept/").text

    sign_up(client, username="kopek_2x")
    client.post(mailed_path(sent()[-1]))

    assert KeptText.objects.get().user.username == "kopek_2x"
    assert "from the south" in client.get("/kept/").text


def test_what_a_member_who_has_confirmed_their_address_wrote_stays_theirs(client, subforum):
    write(client)
    sign_up(client)
    Client().post(mailed_path(sent()[0]))

    sign_up(client, username="second_1x", email="second@example.org")

    assert KeptText.objects.get().user.username == "kopek"
    assert "from the south" not in client.get("/kept/").text


def test_the_list_of_kept_texts_does_not_tell_whose_address_has_an_account(client, subforum):
    make_user("kettle", email="kettle@example.org")
    pages = []
    for email in ("kettle@example.org", "who@example.org"):
        browser = Client()
        write(browser)
        sign_up(browser, username="rider_1x", email=email)
        pages.append("from the south" in browser.get("/kept/").text)

    assert pages == [True, True]
