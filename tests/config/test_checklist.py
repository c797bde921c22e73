"""The checklist of a new site: what it finds in the database, and what administrators put away."""

import pytest
from django_tasks_db.models import DBTaskResult

from accounts.models import SiteText
from config.checklist import points
from config.models import DoctorRun, PutAwayPoint
from crossings.editorial import importer, loaded
from crossings.editorial.importer import BadFile
from crossings.models import Crossing, Notice
from forum.actions.rules import set_rules
from forum.permissions import NotAllowed
from forum.sections import presets_made
from forum.site_texts.actions import save_text
from tests.crossings.factories import make_crossing
from tests.crossings.shortened import shortened
from tests.factories import make_user
from tests.forum.factories import make_subforum, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def done():
    return {row.point.key for row in points.shown() if row.state.is_done}


def test_on_an_empty_site_almost_nothing_is_done(administrator):
    assert done() == {"administrator", "mail"}


def test_every_point_is_done_by_what_is_in_the_database(administrator):
    presets_made.make_presets(administrator, ["campfire", "mod-room"])
    after_presets = done()
    make_subforum().moderators.add(make_user())
    set_rules(administrator, None, introduction="Be kind.", rules=["Be kind."])
    for kind in ("name", "imprint", "privacy"):
        save_text(administrator, kind, source="Osh Road")
    importer.load_in_parts()
    DoctorRun.objects.create(begun_at=now(), ended_at=now())

    assert after_presets == {"administrator", "mail", "sections", "access"}
    assert done() == set(points.BY_KEY)


def test_what_is_taken_away_again_is_done_no_longer(administrator):
    for kind in ("name", "imprint", "privacy"):
        save_text(administrator, kind, source="Osh Road")
    before = "texts" in done()

    save_text(administrator, "imprint", source="")

    assert before
    assert "texts" not in done()
    assert SiteText.objects.count() == 4


def test_a_doctor_who_found_something_wrong_is_not_done(administrator):
    DoctorRun.objects.create(begun_at=now(), ended_at=now(), wrong_count=1, findings=[["wrong", "Bad.", "Mend."]])

    assert "doctor" not in done()


def test_mail_is_what_the_doctor_says_of_it(administrator, settings):
    settings.IS_LOCAL, settings.SITE_URL = False, "https://forum.example.org"

    assert "mail" not in done()


@pytest.mark.parametrize(
    ("findings", "is_done"),
    [
        (None, False),
        ([["right", "It answers.", "", "mail.mail_server"]], True),
        ([["wrong", "It does not answer.", "Look at it.", "mail.mail_server"]], False),
        ([["wrong", "No worker.", "Start it.", "work.worker"]], True),
    ],
)
def test_with_a_mail_server_mail_is_done_once_the_doctor_found_nothing_wrong_with_it(settings, findings, is_done):
    settings.SMTP_HOST, settings.IS_LOCAL = "mail.example.org", True
    if findings is not None:
        DoctorRun.objects.create(begun_at=now(), ended_at=now(), findings=findings, wrong_count=1)

    assert ("mail" in done()) == is_done


def test_points_are_put_away_and_brought_back(client, administrator):
    for _ in range(2):
        client.post("/staff/checklist/moderators/put-away/")
    away = client.get("/staff/checklist/").text
    client.post("/staff/checklist/moderators/bring-back/")
    back = client.get("/staff/checklist/").text

    assert "3 of 9 points" in away
    assert ">Bring back<" in away
    assert "2 of 9 points" in back
    assert not PutAwayPoint.objects.exists()


def test_the_staff_pages_lead_to_the_checklist_until_all_is_settled(client, administrator):
    before = client.get("/staff/").text
    for key in points.BY_KEY:
        points.put_away(administrator, key)
    after = client.get("/staff/").text

    assert "Setting up: 2 of 9 points" in before
    assert "Setting up" not in after


def test_who_is_no_administrator_puts_nothing_away():
    with pytest.raises(NotAllowed):
        points.put_away(make_user(), "mail")


# --- The index of an empty site ---


def test_a_visitor_of_an_empty_site_without_administrator_learns_the_command_on_the_machine_itself(client, settings):
    local = client.get("/").text
    settings.IS_LOCAL = False
    public = client.get("/").text

    assert "./run manage createsuperuser" in local
    assert "./run manage" not in public
    assert "manage.py createsuperuser" in public


def test_a_visitor_of_an_empty_site_finds_a_calm_page_as_soon_as_there_is_an_administrator(client):
    client.get("/")
    make_user(is_staff=True)

    page = client.get("/").text

    assert "We are still setting up" in page
    assert "createsuperuser" not in page


def test_an_administrator_is_led_to_the_checklist_and_a_member_is_not(client, administrator):
    leads = client.get("/").text
    client.force_login(make_user())
    member = client.get("/").text
    make_subforum()

    assert 'href="/staff/checklist/"' in leads
    assert "/staff/checklist/" not in member
    assert "We are still setting up" not in client.get("/").text


# --- Crossings ---


def test_a_button_loads_the_crossings_in_the_background_and_says_how_far_it_is(client, administrator):
    make_crossing(slug="torugart")
    first = client.get("/staff/crossings/").text

    for _ in range(2):
        client.post("/staff/crossings/")
    running = client.get("/staff/crossings/").text

    total = loaded.progress()[1]
    assert f"<b>1 of {total}</b>" in first
    assert "are being loaded" in running
    assert DBTaskResult.objects.count() == 1


def test_loading_in_parts_twice_changes_nothing_and_is_what_loading_at_once_is(tmp_path):
    few = shortened(tmp_path, ",(CN|KG|KZ|RU),")
    first = importer.load_in_parts(few)
    second = importer.load_in_parts(few)
    at_once = importer.load(few)

    assert first.new == len(importer.read(few)) == Crossing.objects.count() > 3 * importer.PART
    assert (second.new, second.changed) == (at_once.new, at_once.changed) == (0, 0)


def test_of_a_bad_file_no_part_is_loaded(tmp_path):
    lines = importer.CROSSINGS.read_text().splitlines(keepends=True)
    (tmp_path / "bad.csv").write_text("".join([*lines, "broken\n"]))

    with pytest.raises(BadFile):
        importer.load_in_parts(tmp_path / "bad.csv")

    assert not Crossing.objects.exists()
    assert not Notice.objects.exists()
