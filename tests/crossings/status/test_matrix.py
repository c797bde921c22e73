"""Who gets through, by way of travelling and direction: what each cell says, and how long."""

from datetime import date, timedelta

import pytest

from crossings.models import Country, Crossing
from crossings.status import matrix
from crossings.status.matrix import counts, line_of, lines_of

TODAY = date(2026, 11, 30)
CHINA, KYRGYZSTAN = Country(code="CN", name="China"), Country(code="KG", name="Kyrgyzstan")
YESTERDAY, TOMORROW = (TODAY + timedelta(days=days) for days in (-1, 1))


def cell(direction="a-b", mode="bicycle", *, status="open", until=TODAY, disputed_until=None, reports=1, turned_back=0):
    return {
        "direction": direction, "mode": mode, "status": status, "until": until and until.isoformat(),
        "disputed_until": disputed_until and disputed_until.isoformat(), "confirmed_on": "2026-11-10",
        "confirmed_count": 1, "reports": reports, "turned_back": turned_back, "newest_on": "2026-11-10",
        "newest": [{"on": "2026-11-10", "precision": "day", "outcome": "crossed"}],
    }  # fmt: skip


def crossing(*cells):
    return Crossing(country_a=CHINA, country_b=KYRGYZSTAN, cells=list(cells))


def test_each_direction_has_a_cell_that_says_where_it_leads():
    there, back = line_of(crossing(cell("a-b", reports=3)), "bicycle", TODAY).cells

    assert (there.to, back.to) == (KYRGYZSTAN, CHINA)
    assert (there.words, there.colour, there.in_short, there.reports) == ("Open", "open", "10 Nov", 3)
    assert (back.words, back.colour, back.in_short, back.reports) == ("No reports", "unknown", "", 0)
    assert there.sentence == "A cyclist got through on 10 Nov."
    assert (there.is_old, back.is_old) == (False, True)


@pytest.mark.parametrize(
    ("kept", "words", "confirmed_on", "is_old"),
    [
        ({"until": TODAY}, "Open", date(2026, 11, 10), False),
        ({"until": YESTERDAY}, "Not known", None, True),
        ({"until": None, "status": ""}, "Not known", None, True),
        ({"until": YESTERDAY, "disputed_until": TODAY}, "Disputed", None, False),
        ({"until": YESTERDAY, "disputed_until": YESTERDAY}, "Not known", None, True),
        ({"until": TODAY, "disputed_until": TOMORROW}, "Open", date(2026, 11, 10), False),
        ({"until": TODAY, "status": "disputed", "disputed_until": TODAY}, "Disputed", date(2026, 11, 10), False),
    ],
)
def test_a_cell_speaks_to_its_last_day_and_is_disputed_or_not_known_after_it(kept, words, confirmed_on, is_old):
    found = line_of(crossing(cell(**kept)), "bicycle", TODAY).cells[0]

    assert (found.words, found.confirmed_on, found.is_old) == (words, confirmed_on, is_old)


def test_a_cell_that_was_kept_before_there_were_disputes_names_none():
    before = cell(until=YESTERDAY)
    del before["disputed_until"]

    assert line_of(crossing(before), "bicycle", TODAY).cells[0].words == "Not known"


def test_the_ways_that_were_reported_most_come_first_and_no_others_at_all():
    told = [
        cell("a-b", "foot", reports=2), cell("a-b", "bicycle", reports=2), cell("b-a", "bicycle", reports=2),
        cell("b-a", "car", reports=3),
    ]  # fmt: skip

    lines = lines_of(crossing(*told), TODAY)

    assert [(line.mode, line.reports) for line in lines] == [("bicycle", 4), ("car", 3), ("foot", 2)]
    assert [one.reports for one in lines[0].cells] == [2, 2]


def test_reports_are_counted_by_way_by_direction_and_who_turned_back():
    told = [
        cell("a-b", "foot", reports=2, turned_back=1), cell("a-b", "bicycle", reports=3),
        cell("b-a", "bicycle", reports=4, turned_back=2),
    ]  # fmt: skip

    assert counts(crossing(*told)) == {
        "mode": {"foot": 2, "bicycle": 7}, "direction": {"a-b": 5, "b-a": 4}, "outcome": {"turned-back": 3},
    }  # fmt: skip
    assert line_of(crossing(*told), "foot", TODAY).cells[0].turned_back == 1


def test_a_direction_leads_to_the_other_country():
    assert matrix.destination(crossing(), "a-b") == KYRGYZSTAN
    assert matrix.destination(crossing(), "b-a") == CHINA
