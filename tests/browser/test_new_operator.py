"""A new operator's way from an empty site to a forum: administrator, subforums, rules, texts, crossings, doctor."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from config.checklist import points
from config.health import runs
from config.models import DoctorRun
from crossings.editorial import importer, loaded
from crossings.editorial.tasks import load_crossings
from forum.models import Subforum
from forum.sections import presets_made
from forum.site_texts.actions import save_text
from tests.browser.test_accessibility import barriers
from tests.crossings.shortened import shortened
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_topic, now
from tests.notifications.worker import do_tasks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
STAFF_PAGES = [
    "/", "/staff/", "/staff/checklist/", "/staff/presets/", "/staff/crossings/", "/staff/doctor/", "/staff/tasks/",
    "/staff/site/", "/staff/site/name/", "/staff/site/privacy/", "/staff/site/notice/", "/staff/site/imprint/history/",
    "/imprint/", "/staff/subforums/new/", "/staff/subforums/campfire/", "/staff/subforums/campfire/remove/",
]  # fmt: skip


@pytest.fixture
def few_crossings(monkeypatch, tmp_path):
    """How many there are in our own file, of which some rows are left."""
    few = shortened(tmp_path, ",(CN|KG),")
    for module in (importer, loaded):
        monkeypatch.setattr(module, "CROSSINGS", few)
    for cached in (importer._our_pairs, loaded._slugs):
        cached.cache_clear()
    yield len(loaded._slugs())
    for cached in (importer._our_pairs, loaded._slugs):
        cached.cache_clear()


def point(page, name):
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))


@pytest.mark.parametrize("with_script", [True, False])
def test_a_new_operator_goes_from_an_empty_site_to_a_checklist_that_is_done(
    open_page, monkeypatch, few_crossings, with_script
):
    monkeypatch.setattr(importer, "PART", 10)
    page = open_page("/", java_script_enabled=with_script)
    expect(page.get_by_text("./run manage createsuperuser")).to_be_visible()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="keeper", email="keeper@example.org", interactive=False, verbosity=0)

    page.locator("#beginning ~ .row").get_by_role("link", name="Sign in").click()
    page.get_by_label("Email or name").fill("keeper")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Go to the checklist").click()
    expect(point(page, "An administrator").get_by_text("Done")).to_be_visible()

    point(page, "Sections and subforums").get_by_role("link").click()
    page.get_by_role("checkbox", name="Ferries").uncheck()
    page.get_by_role("button", name="Make the chosen ones").click()
    expect(page.get_by_text("12 subforums made.")).to_be_visible()
    page.get_by_role("button", name="Set ready rules of the whole forum").click()

    page.goto("/staff/site/name/")
    page.get_by_label("Name").fill("Osh Road")
    page.get_by_role("button", name="Save").click()
    for name, words in (("Imprint", "Three friends."), ("Privacy", "We keep little.")):
        page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        page.get_by_label("Text").fill(words)
        page.get_by_role("button", name="Save", exact=True).click()

    page.goto("/staff/checklist/")
    point(page, "Border crossings").get_by_role("link").click()
    page.get_by_role("button", name=f"Load {few_crossings} crossings").click()
    expect(page.get_by_text("The crossings are being loaded.")).to_be_visible()
    do_tasks(load_crossings.module_path)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text(f"{few_crossings} of {few_crossings}")).to_be_visible()

    page.goto("/staff/subforums/campfire/")
    page.get_by_label("Moderators").fill("keeper")
    page.get_by_role("radio", name="Star").press("Space")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    if "/reauthenticate/" in page.url:  # ranks change: five minutes after signing in it is asked for again
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("button", name="Move up: Campfire").click()
    runs.run()
    page.goto("/staff/checklist/")
    for row in points.shown():
        if not row.is_settled:
            point(page, row.point.title).get_by_role("button", name="Put away").click()

    expect(page.get_by_text("Everything is done or put away.")).to_be_visible()
    assert Subforum.objects.get(slug="campfire").icon == "star"
    assert loaded.progress() == (few_crossings, few_crossings)
    page.goto("/")
    expect(page.get_by_role("link", name="Osh Road", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Campfire")).to_be_visible()


def test_order_is_changed_with_the_keyboard_alone(open_page):
    administrator = make_user(is_staff=True)
    first, second = make_topic().subforum, make_topic().subforum
    page = open_page("/staff/", member=administrator)

    page.get_by_role("button", name=f"Move up: {second.name}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Move up: {second.name}")).to_be_disabled()

    assert list(Subforum.objects.all()) == [second, first]


def a_new_site(administrator):
    """A site with subforums, texts and a doctor's result that has everything: wrong, a warning, right."""
    presets_made.make_presets(administrator, ["open-or-closed", "campfire"])
    save_text(administrator, "imprint", source="Three friends.")
    save_text(administrator, "imprint", source="Four friends.")
    save_text(administrator, "notice", source="We **move** on [Sunday](/about/).", tone="warning")
    points.put_away(administrator, "moderators")
    rows = [["wrong", "No worker.", "Start it."], ["warning", "jit is on.", "Off."], ["right", "It answers.", ""]]
    DoctorRun.objects.create(
        begun_at=now(),
        ended_at=now(),
        wrong_count=1,
        warnings_count=1,
        findings=[[*row, "work.worker"] for row in rows],
    )


def test_axe_finds_nothing_on_the_pages_of_a_new_site_and_none_scrolls_sideways(open_page, violations):
    administrator = make_user(is_staff=True)
    a_new_site(administrator)
    page = open_page("/staff/", member=administrator)

    found = {}
    for path in STAFF_PAGES:
        page.goto(path)
        found[path] = barriers(page, violations, [(390, "light"), (1280, "dark")])

    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize("has_administrator", [True, False])
def test_axe_finds_nothing_on_the_first_page_of_an_empty_site(open_page, violations, has_administrator):
    if has_administrator:
        make_user(is_staff=True)
    page = open_page("/", viewport={"width": 390, "height": 844})

    assert violations(page) == []
