"""Maps on pages: what is marked, that it is never old, and what it costs."""

import math
import os
import re
import sys
import threading
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import page_cache
from crossings.editorial import actions, wording
from crossings.maps import drawn_maps
from crossings.models import Crossing, DrawnMap, Status
from crossings.status import update
from tests.crossings.factories import make_country, make_crossing, make_notice, make_report
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "/crossings/"


class Marks(HTMLParser):
    """The links of a page's maps, each with its words and looks; and whatever our policy would refuse."""

    def __init__(self):
        super().__init__()
        self.links, self.refused, self.in_title = [], [], False

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if "crossing-mark" in (told.get("class") or "").split():
            self.links.append({"href": told["href"], "looks": told["class"].split()[1], "words": ""})
        self.in_title = tag == "title" and bool(self.links)
        if "style" in told or tag == "style":
            self.refused.append(tag)

    def handle_data(self, data):
        if self.in_title:
            self.links[-1]["words"] += data

    def handle_endtag(self, tag):
        self.in_title = False


def marks_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    maps = re.findall(r'<figure class="neat">.*?</figure>', answer.text, re.DOTALL)
    parser = Marks()
    parser.feed("".join(maps))
    assert parser.refused == []
    return {link["href"]: link for link in parser.links}


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.fixture
def torugart():
    return make_crossing(slug="torugart", name="Torugart Pass", latitude=40.55, longitude=75.39)


@pytest.fixture
def irkeshtam():
    return make_crossing(
        slug="irkeshtam", name="Irkeshtam Pass", latitude=39.68, longitude=73.91, editors_status=Status.OPEN
    )


class TestMarks:
    @pytest.mark.real_maps
    def test_every_mark_is_a_link_that_says_status_and_date(self, client, torugart, irkeshtam):
        make_report(torugart, outcome="conditions")

        marks = marks_of(client, "/crossings/torugart/")

        day = update.today()
        assert marks == {
            "/crossings/torugart/": {
                "href": "/crossings/torugart/", "looks": "status-limited",
                "words": f"Torugart Pass: Restricted, confirmed {day.day} {day:%B %Y}",
            },
            "/crossings/irkeshtam/": {
                "href": "/crossings/irkeshtam/", "looks": "status-open",
                "words": f"Irkeshtam Pass: Open as of {irkeshtam.as_of:%B %Y}, no recent report",
            },
        }  # fmt: skip

    def test_the_foot_line_stands_under_every_map(self, client, torugart):
        for url in ("/crossings/torugart/", "/countries/kg/", LIST):
            assert (
                "Lines show control on the ground, not a legal opinion. Natural Earth; place names GeoNames."
                in client.get(url).text
            )

    def test_the_shapes_that_are_there_are_explained(self, client, torugart):
        make_notice(torugart)

        caption = client.get("/crossings/torugart/").text.split("<figcaption>")[1].split("</figcaption>")[0]

        assert "Closed, or for neighbours only" in caption
        assert "Restricted" not in caption

    def test_two_at_one_place_share_a_mark_that_names_both(self, client, torugart):
        make_crossing(slug="rail", name="Torugart railway", latitude=40.56, longitude=75.4)

        marks = marks_of(client, "/crossings/rail/")

        assert list(marks) == ["/crossings/rail/"]
        words = marks["/crossings/rail/"]["words"]
        assert words.startswith("Torugart railway: ")
        assert "At the same place, Torugart Pass: Not known as of" in words

    def test_a_name_with_markup_is_text(self, client):
        crossing = make_crossing(name='<b>"Gate" & co</b>')

        assert "&lt;b&gt;&quot;Gate&quot; &amp; co&lt;/b&gt;" in client.get(crossing.get_absolute_url()).text
        assert "<b>" + '"Gate"' not in client.get(crossing.get_absolute_url()).text

    def test_where_we_do_not_know_the_world_there_is_no_map(self, client):
        antarctica = make_crossing(latitude=-75, longitude=-70.1)

        assert marks_of(client, antarctica.get_absolute_url()) == {}

    @pytest.mark.real_maps
    def test_the_other_side_of_the_world_has_a_map(self, client):
        chile = make_crossing(latitude=-32.8, longitude=-70.1, countries=("AR", "CL"))

        assert list(marks_of(client, chile.get_absolute_url())) == [chile.get_absolute_url()]


class TestLists:
    def test_the_list_shows_the_region_where_most_lie(self, client, torugart, irkeshtam):
        make_crossing(slug="sarp", name="Sarp", latitude=41.52, longitude=41.55, countries=("GE", "TR"))

        assert set(marks_of(client, LIST)) == {"/crossings/torugart/", "/crossings/irkeshtam/"}
        assert set(marks_of(client, f"{LIST}?region=caucasus")) == {"/crossings/sarp/"}
        page = client.get(f"{LIST}?region=caucasus").text
        assert "<h1>Crossings in the Caucasus</h1>" in page
        assert "Torugart" not in page
        assert 'href="/crossings/?region=central-asia">Central Asia 2</a>' in page

    def test_the_list_shows_rather_the_region_of_which_something_is_known(self, client, torugart):
        make_crossing(slug="kyzyl-art", latitude=39.38, longitude=73.31, countries=("KG", "TJ"))
        sarp = make_crossing(
            slug="sarp", latitude=41.52, longitude=41.55, countries=("GE", "TR"), editors_status=Status.CLOSED
        )

        assert set(marks_of(client, LIST)) == {sarp.get_absolute_url()}
        assert set(marks_of(client, f"{LIST}?status=unknown")) == {"/crossings/torugart/", "/crossings/kyzyl-art/"}

    def test_what_a_finger_hits_is_24_px_wide_and_covers_no_mark_beside_it(self, client, torugart, irkeshtam):
        for place, longitude in enumerate((75.6, 75.9, 80.0)):
            make_crossing(name=f"Beside {place}", latitude=40.55, longitude=longitude)
        page = client.get(f"{LIST}?region=central-asia").text

        mark = re.compile(r'translate\((\d+),(\d+)\)"><title>[^<]*</title><circle class="tap" r="(\d+)"')
        taps = [tuple(map(int, found)) for found in mark.findall(page)]
        assert len(taps) == page.count('class="crossing-mark')
        for x, y, tap in taps:
            near = min(math.hypot(x - other[0], y - other[1]) for other in taps if other != (x, y, tap))
            assert tap >= 12 or near < 22
            assert tap == 8 or near >= tap + 7

    def test_filters_hold_for_map_and_list(self, client, torugart, irkeshtam):
        assert set(marks_of(client, f"{LIST}?status=open")) == {"/crossings/irkeshtam/"}
        assert set(marks_of(client, f"{LIST}?country=CN&status=unknown")) == {"/crossings/torugart/"}
        assert marks_of(client, f"{LIST}?status=closed") == {}
        assert "a choice that is not there (region)" in client.get(f"{LIST}?region=atlantis").text

    def test_a_country_has_a_map_of_its_crossings_alone(self, client, torugart):
        make_crossing(name="Elsewhere", latitude=39.0, longitude=74.0, countries=("AF", "TJ"))

        assert set(marks_of(client, "/countries/kg/")) == {"/crossings/torugart/"}

    def test_a_country_without_crossings_has_no_map(self, client):
        make_country("FR", "France")

        assert "neat" not in client.get("/countries/fr/").text


CHANGES = {
    "a report": lambda crossing: make_report(crossing, outcome="found-closed"),
    "a newer report of the same": lambda crossing: make_report(crossing),
    "a notice": make_notice,
}


class TestNeverOld:
    @pytest.mark.parametrize("change", CHANGES)
    def test_kept_pages_show_what_changes_at_another_crossing(self, client, torugart, irkeshtam, change):
        urls = ["/crossings/torugart/", "/countries/kg/", LIST]
        make_report(irkeshtam, days_ago=30)
        call_command("draw_maps")
        before = [marks_of(client, url)["/crossings/irkeshtam/"]["words"] for url in urls]
        assert [queries_of(client, url) for url in urls] == [1, 1, 1]  # they are kept

        CHANGES[change](irkeshtam)

        after = [marks_of(client, url)["/crossings/irkeshtam/"]["words"] for url in urls]
        assert not set(before) & set(after)

    def test_one_that_moves_moves_on_the_maps_of_others(self, client, torugart, irkeshtam):
        before = client.get("/crossings/torugart/").text
        admin = make_user(is_staff=True, is_superuser=True)

        actions.edit_place(
            admin, irkeshtam, values={"latitude": 39.9}, reason="Measured",
            based_on=wording.marker(wording.of_place(irkeshtam)),
        )  # fmt: skip

        after = client.get("/crossings/torugart/").text
        where = re.compile(r'href="/crossings/irkeshtam/" transform="translate\(\d+,(\d+)\)')
        assert int(where.search(after)[1]) < int(where.search(before)[1])

    def test_a_new_one_is_on_the_maps_of_others(self, client, torugart):
        client.get("/crossings/torugart/")
        admin = make_user(is_staff=True, is_superuser=True)
        new = Crossing(
            slug="bedel", name="Bedel", latitude=41.0, longitude=76.3, kind="road", as_of=date(2026, 11, 1),
            source="A sign", confidence="low", country_a_id="CN", country_b_id="KG",
        )  # fmt: skip

        actions.add_crossing(admin, new, reason="It is there")

        assert "/crossings/bedel/" in marks_of(client, "/crossings/torugart/")

    def test_a_status_that_decays_changes_its_mark_on_the_day(self, client, torugart, irkeshtam, monkeypatch):
        make_report(irkeshtam, outcome="found-closed")
        assert marks_of(client, "/crossings/torugart/")["/crossings/irkeshtam/"]["looks"] == "status-closed"
        later = timezone.now() + timedelta(days=120)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)

        assert marks_of(client, "/crossings/torugart/")["/crossings/irkeshtam/"]["looks"] == "status-stale"


class TestDrawnOnce:
    def test_all_are_drawn_and_kept_and_the_second_time_nothing_is_done(self, torugart, irkeshtam, capsys):
        call_command("draw_maps")
        drawn = list(DrawnMap.objects.order_by("key").values_list("key", "drawn_at"))

        call_command("draw_maps")

        assert len(drawn) == 2 + 1 + 2  # of the crossings, of both countries the same, and two of Central Asia
        assert list(DrawnMap.objects.order_by("key").values_list("key", "drawn_at")) == drawn
        assert "5 of 5 maps" in capsys.readouterr().out

    def test_a_page_uses_the_stored_one(self, client, torugart, monkeypatch):
        call_command("draw_maps")
        monkeypatch.setattr(drawn_maps, "_draw", lambda *told: pytest.fail("drawn again"))
        drawn_maps.draw_now.cache_clear()

        for url in ("/crossings/torugart/", "/countries/kg/", LIST):
            assert marks_of(client, url)

    def test_one_that_no_page_shows_any_more_is_forgotten(self, torugart):
        call_command("draw_maps")
        before = set(DrawnMap.objects.values_list("key", flat=True))
        Crossing.objects.update(name="Torugart", longitude=75.0)

        call_command("draw_maps")

        assert not before & set(DrawnMap.objects.values_list("key", flat=True))
        assert DrawnMap.objects.count() == len(before)

    def test_some_at_a_time(self, torugart):
        assert drawn_maps.draw_missing(2)
        assert DrawnMap.objects.count() == 2
        assert not drawn_maps.draw_missing(2)

    @pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")
    def test_pages_come_before_it(self, torugart, monkeypatch):
        seen, draw = [], drawn_maps._draw

        def note_and_draw(*told):
            seen.append((threading.get_ident(), os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
            return draw(*told)

        monkeypatch.setattr(drawn_maps, "_draw", note_and_draw)
        before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

        call_command("draw_maps")

        assert {priority for _, priority in seen} == {19}
        assert len({thread for thread, _ in seen}) == 1
        assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before

    def test_a_visit_draws_one_writes_nothing_and_an_unfinished_page_is_not_kept(self, client, torugart, irkeshtam):
        drawn_maps.draw_now.cache_clear()

        region = f"{LIST}?region=central-asia"

        pages = [client.get(region).text.count('class="neat"') for _ in range(3)]

        assert pages == [1, 2, 2]  # Central Asia has two
        assert DrawnMap.objects.count() == 0
        assert queries_of(client, region) == 1
        assert queries_of(client, f"{region}&kind=road") > 1  # of filters, a region's page alone is kept

    def test_the_whole_list_has_one_map_and_its_further_pages_none(self, client, torugart, irkeshtam):
        for number in range(60):
            make_crossing(latitude=40 + number / 100, longitude=75)

        pages = [client.get(url).text.count('class="neat"') for url in (LIST, f"{LIST}?page=2")]

        assert pages == [1, 0]

    def test_queries_do_not_depend_on_what_is_marked(self, client, torugart):
        few = [queries_of(client, url) for url in ("/crossings/torugart/", "/countries/kg/", f"{LIST}?kind=road")]
        page_cache.store.clear()
        for number in range(8):
            make_crossing(latitude=40 + number / 10, longitude=75)

        many = [queries_of(client, url) for url in ("/crossings/torugart/", "/countries/kg/", f"{LIST}?kind=road")]

        assert many == few
