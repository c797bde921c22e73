"""Finding a crossing by any spelling, and the answer before the question is posted."""

import os
import re
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect

from crossings.editorial import importer
from crossings.models import Crossing, DuplicateSaved
from crossings.similar import stored, terms
from forum.actions import answers
from forum.models import Topic
from tests.browser.test_accessibility import barriers
from tests.crossings.shortened import shortened
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PICTURES = os.environ.get("PICTURES")  # a folder, for whoever wants to look


@pytest.fixture
def torugart(tmp_path):
    """With the other borders of China and Kyrgyzstan in our file."""
    importer.load(shortened(tmp_path, ",(CN|KG),"))
    return Crossing.objects.get(slug="torugart")


@pytest.fixture
def asked(torugart):
    """A forum in which the question was asked before, and answered."""
    subforum = make_subforum(name="Is it open?")
    topic = make_topic(title="Torugart Pass: China to Kyrgyzstan by bicycle", subforum=subforum)
    answers.accept_answer(topic.author, make_post(topic=topic))
    for title in ("Torugart on Chinese holidays", "Transport from Kashgar to Torugart, prices", "Torugart at night"):
        make_topic(title=title, subforum=subforum)
    old = timezone.now() - timezone.timedelta(days=700)
    Topic.objects.filter(title="Torugart at night").update(last_post_at=old, opened_at=old)
    terms.catch_up()  # as the worker does
    return topic


@pytest.mark.parametrize("with_script", [True, False])
def test_a_traveller_finds_torugart_by_any_spelling(open_page, asked, with_script):
    page = open_page("/", java_script_enabled=with_script)

    for spelling in ("Torugrat", "Turogart", "Tourugart", "吐尔尕特"):
        page.locator("input[type=search]").first.fill(spelling)
        page.keyboard.press("Enter")

        expect(page).to_have_title(re.compile(spelling))
        lead = page.locator(".entry").first
        expect(lead).to_contain_text("Torugart Pass")
        expect(lead).to_contain_text("Restricted")
        expect(page.locator(".hit").get_by_role("link", name=asked.title)).to_be_visible()


def test_the_composer_stops_a_duplicate(open_page, asked):
    page = open_page(f"/forums/{asked.subforum.slug}/new/", make_user())
    region = page.get_by_label("What the forum has on this")
    expect(region).to_be_empty()

    page.get_by_label("Title").press_sequentially("Tourugart by bicycle, from China?", delay=10)

    expect(region.get_by_role("heading", name="This may already be answered")).to_be_visible()
    expect(region.get_by_role("link", name="Torugart Pass", exact=True)).to_be_visible()
    expect(region.get_by_text("Restricted")).to_be_visible()
    expect(page.get_by_label("Title")).to_be_focused()
    region.get_by_role("link", name=asked.title).click()
    expect(page).to_have_title(re.compile("^Torugart Pass: China to Kyrgyzstan by bicycle"))
    expect(page.get_by_role("region", name="Similar topics")).to_have_count(0)
    saved = DuplicateSaved.objects.get()
    assert (saved.topic, saved.was_answer) == (asked, True)
    assert Topic.objects.count() == 4


def test_the_last_suggestions_stay_while_the_line_is_lost_and_posting_goes_on(open_page, asked):
    page = open_page(f"/forums/{asked.subforum.slug}/new/", make_user())
    region = page.get_by_label("What the forum has on this")
    page.get_by_label("Title").press_sequentially("Torugart by bicycle from China")
    expect(region.get_by_role("link", name=asked.title)).to_be_visible()

    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_label("Title").press_sequentially(" in May, anybody?")
    expect(region.get_by_role("link", name=asked.title)).to_be_visible()

    page.context.set_offline(False)
    page.get_by_label("Your question").fill("Really?")
    page.get_by_role("button", name="Post topic").click()
    expect(page.get_by_text("Topic posted.")).to_be_visible()


def test_a_title_typed_quickly_is_asked_for_once(open_page, asked):
    page = open_page(f"/forums/{asked.subforum.slug}/new/", make_user())
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url) if "suggestions" in request.url else None)

    page.get_by_label("Title").press_sequentially("Torugart by bicycle from China", delay=5)
    expect(page.get_by_label("What the forum has on this").get_by_role("link", name=asked.title)).to_be_visible()

    assert len(asked_for) <= 2


def test_without_script_the_preview_stops_a_duplicate(open_page, asked):
    page = open_page(f"/forums/{asked.subforum.slug}/new/", make_user(), java_script_enabled=False)

    page.get_by_label("Title").fill("Tourugart by bicycle, from China?")
    page.get_by_label("Your question").fill("Is it open?")
    page.get_by_role("button", name="Preview").click()

    region = page.get_by_label("What the forum has on this")
    expect(region.get_by_role("heading", name="This may already be answered")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Tourugart by bicycle, from China?")
    region.get_by_role("link", name=asked.title).click()
    expect(page).to_have_title(re.compile("^Torugart Pass: China to Kyrgyzstan by bicycle"))


def test_nothing_stands_in_the_way_where_similar_topics_are_shown(open_page, asked, violations):
    for topic in Topic.objects.all():
        stored.refresh(topic.pk)
    Topic.objects.update(version=F("version") + 1)
    page = open_page("/", make_user(username="kind_staff", is_staff=True))
    found = {}

    page.goto(f"/forums/{asked.subforum.slug}/new/")
    page.get_by_label("Title").press_sequentially("Torugart by bicycle from China")
    page.get_by_label("Your question").fill("We leave Kashgar on 8 December with two bikes.")
    expect(page.get_by_label("What the forum has on this").get_by_role("link", name=asked.title)).to_be_visible()
    found["composer"] = look(page, violations, "composer")
    for name, path in {
        "topic": asked.get_absolute_url(), "search": "/search/?q=Tourugart", "figures": "/staff/similar-topics/",
    }.items():  # fmt: skip
        page.goto(path)
        found[name] = look(page, violations, name)

    assert found == {"composer": [], "topic": [], "search": [], "figures": []}


def look(page, violations, name):
    """What axe finds in four looks; and pictures of them, if somebody asked."""
    if PICTURES:
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)
    return barriers(page, violations)
