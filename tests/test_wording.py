"""Pages, letters and feeds say what a person would say, with one word for one thing."""

import re
from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template

from tests.factories import make_user

ROOT = Path(__file__).parent.parent
APPS = ["accounts", "config", "crossings", "demo", "forum", "moderation", "notifications", "pagecache"]
OLD = re.compile(
    r"present stands on|[Ii]t speaks for|badge speaks for|dates the stamp|Topics that rest|concerns you alone"
    r"|Send none|Keep it as it is|I tell only|knew it so|(high|medium|low|\}) confidence|[Ww]hat moderators did"
    r"|>Who<|\}Answer</button>|[Ss]uccessfully|[Tt]hanks (given|received)|(Gave|Got) thanks|Thanked this"
    r"|[Ww]atch this border|it is filed|[Nn]othing (is|was) filed"
)
# Messages of allauth for what this site has not: signing in by a code, and telephones.
UNUSED = {"login_code_sent", "phone_verification_sent", "phone_verified"}
MESSAGES = [path.stem for path in (Path(allauth.__file__).parent / "templates/account/messages").glob("*.txt")]


def sources():
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    return templates + [path for app in APPS for path in (ROOT / app).rglob("*.py")]


def old_words(path):
    return OLD.finditer(path.read_text())


def test_no_page_says_what_nobody_would_say():
    found = [(path.relative_to(ROOT).as_posix(), words[0]) for path in sources() for words in old_words(path)]

    assert found == []


@pytest.mark.parametrize(
    "words",
    [
        "It speaks for 10 Jun 2026", "Send none<span>", "a sign, high confidence", 'format("{}, {} confidence")',
        ">Who<span>", '{% icon "check" %}Answer</button>', "Successfully signed in as kettle.", "Watch this border",
    ],
)  # fmt: skip
def test_what_nobody_would_say_is_found(words):
    assert OLD.search(words)


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - UNUSED))
def test_each_message_about_an_account_is_in_our_words(name):
    template = get_template(f"account/messages/{name}.txt")

    assert Path(template.origin.name).is_relative_to(ROOT / "templates")


@pytest.mark.django_db
def test_signing_in_is_told_by_name(client):
    make_user(username="kettle", password="a kettle of tea")

    page = client.post("/account/login/", {"login": "kettle", "password": "a kettle of tea"}, follow=True)

    assert "You are signed in as kettle." in page.content.decode()
