"""The demo's texts agree with the days on which they stand: a site about dates does not contradict itself."""

import json
import re
from datetime import date

import pytest

from demo import board
from tests.demo.dates_in_texts import MONTHS, WEEKDAYS, contradictions


@pytest.mark.parametrize(
    ("text", "written_on"),
    [
        ("Hello all, I will be in Kashgar at the end of June with a touring bike.", "2019-07-19"),
        ("We leave in July.", "2019-08-02"),
        ("My visa runs out on 4 July so I cannot wait.", "2019-07-19"),
        ("Crossed on 27 June 2019.", "2019-06-20"),
        ("We would cross in September 2024.", "2025-01-04"),
        ("Tuesday, well: Date: 14 July 2026, Monday.", "2026-07-21"),
        ("Sunday 10 June, 15:00, on foot: 22 min.", "2024-06-11"),
        ("Will it be open this summer?", "2024-10-01"),
        ("It went well this autumn.", "2024-02-01"),
        ("We planned it, and it is closed since 2026.", "2024-02-01"),
    ],
)
def test_what_cannot_be_so_is_found(text, written_on):
    assert len(contradictions(text, date.fromisoformat(written_on))) == 1


@pytest.mark.parametrize(
    ("text", "written_on"),
    [
        ("Hello all, I will be in Kashgar at the end of June with a touring bike.", "2019-05-03"),
        ("Did this on 27 June, westbound.", "2019-07-09"),
        ("I passed last June with an e-visa.", "2018-05-06"),
        ("In August the queue takes four hours, in winter twenty minutes.", "2019-05-20"),
        ("Sunday 9 June, 15:00, on foot: 22 min.", "2024-06-11"),
        ("It may rain. May we come?", "2024-06-11"),
        ("We travel from 8 to 20 July.", "2024-06-22"),
    ],
)
def test_what_may_be_so_is_not(text, written_on):
    assert contradictions(text, date.fromisoformat(written_on)) == []


def test_no_text_of_the_corpus_contradicts_its_own_day():
    found = [
        contradiction
        for topic in board.read_topics()
        for text, day in texts_of(topic)
        for contradiction in contradictions(text, date.fromisoformat(day))
    ]

    assert found == []


def test_texts_that_are_as_old_as_their_rows_say_name_no_day():
    """They must agree with any day on which the demo is loaded."""
    rows = (board.FOLDER / "told_since.jsonl").read_text().splitlines()
    texts = [json.loads(row)["story"] for row in rows]
    for topic in board.asked_lately():
        texts += [topic["title"], *(post["body"] for post in topic["posts"])]
    named = re.compile(
        rf"\b(?:{'|'.join({*MONTHS, *WEEKDAYS} - {'may', 'march'})}|spring|summer is|autumn|(?:19|20)\d\d)\b",
        re.IGNORECASE,
    )

    assert [text for text in texts if named.search(text)] == []


class TestALoadOnAnyDay:
    @pytest.mark.parametrize(
        ("today", "years_back"),
        [
            ("2026-11-30", 0),
            ("2031-02-28", 0),
            ("2026-09-10", 0),
            ("2026-09-09", 1),
            ("2026-07-19", 1),
            ("2024-02-29", 3),
        ],
    )
    def test_no_post_is_of_a_day_to_come_and_texts_agree(self, monkeypatch, today, years_back):
        noon = board._moment(today).replace(hour=12)
        monkeypatch.setattr(board.timezone, "now", lambda: noon)
        topics = board.read_topics()

        assert board._years_back(topics) == years_back
        for topic in topics + board.asked_lately():
            back = 0 if "days" in topic else years_back
            for (text, _), when in zip(texts_of(topic), board._times(topic, back), strict=True):
                assert when < noon
                assert contradictions(without_weekdays(board._told(text, back)), when.date()) == []


def texts_of(topic):
    """Each post's text with its day; the title belongs to the first."""
    for number, post in enumerate(topic["posts"]):
        yield (f"{topic['title']}\n" if number == 0 else "") + post["body"], post["date"]


def without_weekdays(text):
    """They are of the true year."""
    names = "|".join(name.capitalize() for name in WEEKDAYS)
    return re.sub(rf"\b(?:{names}),? |, (?:{names})\b", "", text)
