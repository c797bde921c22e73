"""Choosing how much to hear, where one reads and on the page of all watches, with and without script."""

import pytest
from playwright.sync_api import expect

from notifications.models import Watch
from notifications.watches.actions import watch
from tests.crossings.factories import make_country, make_crossing
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
MENU = ".levels > summary"


@SIZES
@SCRIPT
def test_a_topic_is_watched_muted_and_left_where_one_reads_it(open_page, size, script):
    member, topic = make_user(), make_post().topic
    page = open_page(topic.get_absolute_url(), member, java_script_enabled=script, **size)

    for name in ("Watching", "Muted"):
        if not page.locator(".levels[open]").count():
            page.locator(MENU).click()
        expect(page.get_by_role("button", name="Mentions only")).to_be_in_viewport(ratio=1)
        page.get_by_role("button", name=name).click()
        expect(page.locator(MENU)).to_have_text(name)
    assert Watch.objects.get(user=member).level == "muted"
    if not script:
        expect(page.get_by_text(f"{topic.title}: Muted.")).to_be_visible()
        page.locator(MENU).click()
    page.get_by_role("button", name="Stop watching").click()

    expect(page.locator(MENU)).to_have_text("Watch")
    assert page.url.endswith(topic.get_absolute_url())
    assert Watch.objects.get(user=member).level == "ended"


def test_the_keyboard_stays_on_the_level_that_it_chose(open_page):
    page = open_page(make_topic().get_absolute_url(), make_user(), **DESKTOP)

    page.locator(MENU).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(MENU)).to_have_text("Mentions only")
    chosen = page.get_by_role("button", name="Mentions only")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(chosen).to_be_focused()
    page.keyboard.press("Escape")
    expect(chosen).to_be_hidden()
    expect(page.locator(MENU)).to_be_focused()


@SCRIPT
def test_a_visitor_signs_in_and_then_chooses(open_page, script):
    member, subforum = make_user(), make_subforum(name="Night watch")
    page = open_page(subforum.get_absolute_url(), java_script_enabled=script, **PHONE)

    page.get_by_role("link", name="Watch", exact=True).click()
    page.locator("[name=login]").fill(member.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Watching").click()

    expect(page.get_by_text("Night watch: Watching.")).to_be_visible()
    assert page.url.endswith(subforum.get_absolute_url())
    assert Watch.objects.get(user=member).subforum == subforum


@SIZES
@SCRIPT
def test_all_watches_are_on_one_page_that_the_menu_leads_to(open_page, size, script):
    member = make_user()
    for target in (make_topic(), make_crossing(), make_subforum(), make_country("KG"), make_user()):
        watch(member, target)
    page = open_page("/", member, java_script_enabled=script, **size)

    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("link", name="Watches").click()
    expect(page.get_by_role("heading", name="Watches", exact=True)).to_be_visible()
    expect(page.locator(MENU)).to_have_count(5)
    page.locator(MENU).nth(1).click()
    page.locator(".levels[open]").get_by_role("button", name="Mentions only").click()
    expect(page.locator(MENU).nth(1)).to_have_text("Mentions only")
    page.get_by_label("Topics that I reply in").uncheck()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("You watch a topic by itself when you ask in it.")).to_be_visible()
    make_post(author=member)
    assert Watch.objects.get(topic__isnull=False, user=member).level == "mentions"


@SIZES
def test_an_open_menu_has_no_barrier_and_fits_the_page(open_page, violations, size):
    member, topic, crossing = make_user(), make_post().topic, make_crossing()
    other = make_user()
    for target in (topic, crossing, topic.subforum, crossing.country_a, other):
        watch(member, target)
    pages = [target.get_absolute_url() for target in (topic, topic.subforum, crossing.country_a, other)]
    page = open_page("/watches/", member, **size)

    for address in ("/watches/", *pages):
        page.goto(address)
        page.locator(MENU).first.click()
        for button in page.locator(".levels[open] button").all():
            expect(button).to_be_in_viewport(ratio=1)
            # Nothing of the page lies above it.
            box = button.bounding_box()
            middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
            assert page.evaluate("([x, y]) => !!document.elementFromPoint(x, y).closest('.levels')", middle)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert in_both_schemes(page, violations) == []
    page.goto(f"/watches/topic/{topic.pk}/")
    assert in_both_schemes(page, violations) == []


def in_both_schemes(page, violations):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return found + violations(page, only_colours=True)
