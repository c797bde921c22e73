"""In the demo letters are read on a page; elsewhere there is none."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives, mailers

from notifications import demo_mailbox
from notifications.letters import delivery
from tests.factories import make_user
from tests.notifications.letters.factories import tell_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.HOME = True, tmp_path
    settings.MAILERS = {"default": {"BACKEND": "notifications.demo_mailbox.EmailBackend"}}


def test_a_letter_is_kept_and_read_as_text_and_as_html(client, demo):
    letter = tell_of(make_user(username="kopek"), words="Bring <b>cash</b>, 吐尔尕特.").letter
    delivery.send(letter.pk, mailers.default)

    listed = client.get("/letters/demo/")
    path = re.search(r'href="(/letters/demo/\d+/)"', listed.text)[1]
    page, html = client.get(path), client.get(f"{path}html/")

    assert "kopek@example.org" in listed.text
    assert "Bring &lt;b&gt;cash&lt;/b&gt;, 吐尔尕特." in page.text
    assert "List-Unsubscribe" in page.text
    assert re.search(r'<a href="[^"]+/stop/"', page.text)
    assert "Bring &lt;b&gt;cash&lt;/b&gt;, 吐尔尕特." in html.text
    assert "script-src" not in html["Content-Security-Policy"]
    assert "default-src 'none'" in html["Content-Security-Policy"]
    assert [answer["Cache-Control"] for answer in (listed, page, html)] == ["no-store"] * 3


def test_the_letter_of_signing_up_can_be_read_too(client, demo, settings):
    settings.SIGN_UP_SECONDS = 0
    began = re.search(r'name="began" value="([^"]+)"', client.get("/account/signup/").text)
    form = {"email": "new@example.org", "username": "newcomer", "password1": "slow train to osh", "began": began[1]}

    sent = client.post("/account/signup/", form, follow=True)
    delivery.send_due()
    listed = client.get("/letters/demo/").text
    page = client.get(re.search(r'href="(/letters/demo/\d+/)"', listed)[1]).text

    assert 'href="/letters/demo/"' in sent.text
    assert "new@example.org" in listed
    assert re.search(r'href="[^"]+/account/confirm-email/', page)


@pytest.mark.parametrize("path", ["/letters/demo/", "/letters/demo/1/", "/letters/demo/1/html/"])
def test_outside_of_the_demo_there_is_no_such_page(client, demo, settings, path):
    mailers.default.send_messages([EmailMultiAlternatives("A", "B", to=["a@example.org"])])
    settings.DEMO = False

    assert client.get(path).status_code == 404


def test_a_letter_that_is_not_there_and_an_empty_mailbox(client, demo):
    assert client.get("/letters/demo/99/").status_code == 404
    assert client.get("/letters/demo/99999999999999999999999/").status_code == 404
    assert "No letter yet" in client.get("/letters/demo/").text


def test_the_oldest_letters_go(demo, monkeypatch):
    monkeypatch.setattr(demo_mailbox, "MOST_KEPT", 3)

    for number in range(5):
        mailers.default.send_messages([EmailMultiAlternatives(f"Letter {number}", "B", to=["a@example.org"])])

    assert [kept.subject for kept in demo_mailbox.newest()] == ["Letter 4", "Letter 3", "Letter 2"]
