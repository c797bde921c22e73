"""A title that mixes scripts and neutral signs runs in its own direction wherever it stands."""

import pytest

from tests.factories import make_user
from tests.forum.factories import make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
TITLE = "مرز باز است! (تست) 24/7?"


def directions(page):
    """Of each innermost element that shows the title."""
    page.wait_for_load_state()
    return page.evaluate(
        """title => [...document.querySelectorAll("main *")]
            .filter((one) => one.textContent.includes(title))
            .filter((one) => ![...one.children].some((child) => child.textContent.includes(title)))
            .map((one) => getComputedStyle(one).direction)""",
        TITLE,
    )


def test_a_persian_title_runs_from_right_to_left_in_headings_lists_and_crumbs(open_page):
    member = make_user()
    topic = make_topic(title=TITLE, source=f"{TITLE}\n\nLatin words.\n\n> Latin\n\n- {TITLE}", author=member)
    page = open_page(topic.get_absolute_url(), member)

    seen = {}
    for path in [
        topic.get_absolute_url(), topic.subforum.get_absolute_url(), "/", f"/topics/{topic.pk}/reply/", "/unanswered/",
        member.get_absolute_url(), f"/members/{member.username}/topics/", "/search/?q=مرز",
    ]:  # fmt: skip
        page.goto(path)
        seen[path] = directions(page)

    assert {path: found for path, found in seen.items() if not found or set(found) != {"rtl"}} == {}


def test_what_is_typed_runs_in_its_own_direction(open_page):
    topic = make_topic()
    page = open_page(f"/topics/{topic.pk}/reply/", make_user())
    field = page.get_by_label("Your reply")

    field.fill(TITLE)
    assert field.evaluate("field => getComputedStyle(field).direction") == "rtl"
    field.fill("Open, 24/7")
    assert field.evaluate("field => getComputedStyle(field).direction") == "ltr"
