"""From costs to medians, ratios and the words in the table."""

import pytest

from bench.budgets import KB, Budget, verdict
from bench.meter.client import Answer
from bench.meter.rounds import Cost, Figures
from bench.pages import Page, WrongAnswer
from bench.table import table, visits


def figures(title, *costs, **fields):
    budget = fields.pop("budget", Budget())
    return Figures(Page(title, title, "/", "", budget), [Cost(*cost) for cost in costs], **fields)


def test_times_are_the_median_of_the_rounds_each_with_its_own_constant():
    found = figures("Page", (3, 1, 1), (6, 2, 2), (90, 10, 1))

    assert found.times == 4  # of 4, 4 and 100: a disturbed round changes nothing
    assert (found.web, found.database) == (6, 2)


def test_a_late_page_is_compared_with_the_first_round_by_round():
    first, late = figures("first", (2, 0, 1), (20, 0, 1), (4, 0, 1)), figures("late", (3, 0, 1), (22, 0, 1), (4, 0, 1))

    assert late.times_those_of(first) == pytest.approx(1.1)


def test_a_verdict_is_of_the_figures_that_are_printed():
    assert verdict(4.34, 4.3) == "within"
    assert verdict(4.36, 4.3) == "MISSED by 0.1"
    assert verdict(9, 5, digits=0) == "MISSED by 4"
    assert verdict(9, None) == ""


def test_the_table_names_budgets_that_are_kept_and_missed_and_pages_that_are_not_there():
    budget = Budget(times=4.3, queries=5, bytes=8 * KB)
    first = figures("Topic", (0.002, 0.001, 0.001), budget=budget, queries=6, raw=40 * KB, compressed=9 * KB)
    late = figures("Page 500", (0.004, 0.002, 0.001), budget=Budget(times_first_page=1.1), queries=5)

    lines = table([first, late], first, ["Search"]).splitlines()

    assert lines[2].split() == (
        "Topic 2.00 1.00 3.0 4.3 within 6 5 MISSED by 1 40.0 9.0 8 MISSED by 1.0".split()  # noqa: SIM905
    )
    assert lines[4].split() == ["Search", "not", "there"]
    assert lines[-1] == "Page 500: 2.00 of Topic, budget 1.10: MISSED by 0.90"


def test_a_first_page_that_costs_more_than_late_ones_is_told():
    first, late = figures("Page 1", (2, 0, 1)), figures("Page 500", (1, 0, 1), budget=Budget(times_first_page=1.1))

    words = "Page 500: 0.50 of Page 1, budget 1.10: within, but the first page costs too much"
    assert table([first, late], first, []).endswith(words)


def test_a_first_visit_is_weighed():
    assert visits([("Scripts", 3 * KB, 2 * KB)]) == "Scripts     3.0 KB gzip, budget 2: MISSED by 1.0"


def test_a_wrong_answer_is_no_measurement():
    page = Page("topic", "Topic", "/topics/1/", "the last post")

    page.check(Answer(200, {}, b"... the last post"))
    with pytest.raises(WrongAnswer, match="answered 500 instead of 200"):
        page.check(Answer(500, {}, b"the last post"))
    with pytest.raises(WrongAnswer, match="lacks 'the last post'"):
        page.check(Answer(200, {}, b"an empty page"))


def test_a_redirect_is_known_by_where_it_leads():
    page = Page("reply", "Reply", "/topics/1/reply/", "/posts/", status=302)

    page.check(Answer(302, {"location": "/posts/7/"}, b""))
    with pytest.raises(WrongAnswer):
        page.check(Answer(302, {"location": "/account/login/"}, b""))
