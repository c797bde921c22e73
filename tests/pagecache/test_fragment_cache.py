"""Finished parts are made once, of values alone; frames leave gaps for what is one reader's own."""

import sys

import pytest
from django.utils import timezone

from forum.pages.values import TopicRow, UserRow
from pagecache import fragment_cache
from pagecache.fragment_cache import Frame, framed, gap, rendered, rendered_rows
from tests.forum.factories import make_topic

NOW = timezone.now()


@pytest.fixture
def made(monkeypatch):
    """The templates that were really rendered."""
    names, true_render = [], fragment_cache._render
    monkeypatch.setattr(fragment_cache, "_render", lambda name, shown: names.append(name) or true_render(name, shown))
    return names


def test_a_part_is_made_once_for_the_same_values(made):
    pages = [rendered("_mast.html", nav=nav, user=UserRow(1, "rider")) for nav in ("forum", "forum", "unread")]

    assert pages[0] == pages[1] != pages[2]
    assert made == ["_mast.html"] * 2


def test_names_of_values_count_not_only_values(made):
    rendered("_mast.html", site_name="forum")
    rendered("_mast.html", nav="forum")

    assert len(made) == 2


def test_times_are_those_of_the_reader(made):
    row = TopicRow(1, "Torugart", "torugart", last_post_at=NOW, author="rider")
    here = rendered_rows("forum/_waiting.html", [row])
    with timezone.override("Asia/Bishkek"):
        there = rendered_rows("forum/_waiting.html", [row])

    assert here != there


def test_only_the_row_that_changed_is_made_anew(made):
    rows = [TopicRow(number, "Torugart", "torugart", last_post_at=NOW, author="rider") for number in range(3)]
    rendered_rows("forum/_waiting.html", rows)
    rows[1] = rows[1]._replace(title="Irkeshtam")

    html = rendered_rows("forum/_waiting.html", rows)

    assert len(made) == 4
    assert [html.count(word) for word in ("Torugart", "Irkeshtam")] == [2, 1]


@pytest.mark.django_db
def test_a_row_of_the_database_is_no_value():
    """Two topics are equal by their number alone: a part kept by one would stay when its title changes."""
    topic = make_topic()

    for shown in ({"topic": topic}, {"topics": (topic,)}, {"topics": ((1, topic),)}):
        with pytest.raises(TypeError, match="give the template its values"):
            rendered("_mast.html", **shown)


def test_gaps_are_filled_each_time_and_cannot_be_written_by_a_member(made):
    shown = {"user": UserRow(1, "<gap notes>"), "nav": "forum"}
    pages = [framed("_mast.html", {"site_name": name}, **shown) for name in ("One", "Two & <b>")]

    assert ["One</span></a>" in pages[0], "Two & <b></span></a>" in pages[1]] == [True, True]
    assert "&lt;gap notes&gt;" in pages[0]
    assert made == ["_mast.html"]


def test_a_frame_without_gaps_is_itself():
    assert Frame("<p>").filled({}) == "<p>"
    assert Frame(f"a{gap('x')}b{gap('x')}").filled({"x": "-"}) == "a-b-"


def test_a_frame_takes_what_its_pieces_take():
    assert sys.getsizeof(Frame(f"{'a' * 1000}{gap('x')}b")) > 1000
