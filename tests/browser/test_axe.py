"""What is judged once must still be found where anything is new that the colours depend on."""

import pytest

from .axe import NAMES, Axe

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="en"><head><title>A page</title><style>
body { background: #fff; color: #222; } .pale { color: #ccc; } .night { background: #333; } .box { color: #222; }
.middle { color: #888; }
</style></head><body><main><h1>Gates</h1>%s</main></body></html>"""


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


def rules_broken(axe, page, body, **options):
    page.set_content(PAGE % body)
    return [rule for rule, _ in axe.violations(page, **options)]


def test_colours_that_are_too_weak_are_found_on_every_page(page):
    axe = Axe()

    for _ in range(2):
        assert rules_broken(axe, page, '<p class="pale">Open</p>') == ["color-contrast"]


@pytest.mark.parametrize(
    "then",
    [
        '<p class="box" style="color: #bbb">Open</p>',
        '<p class="box" style="background: #444">Open</p>',
        '<div class="night"><p class="box">Open</p></div>',
        '<p class="box" style="opacity: .3">Open</p>',
        '<div style="opacity: .3"><p class="box">Open</p></div>',
        '<p class="middle">Open</p>',
        '<p class="box">Open <em style="color: #bbb">now</em></p>',
        '<p class="box">Open <a href="/" style="color: #333; text-decoration: none">now</a></p>',
        '<p><label>Gate <input class="box" style="color: #bbb" value="Osh"></label></p>',
    ],
)
def test_what_was_right_is_judged_again_where_something_is_new(page, then):
    axe = Axe()
    assert rules_broken(axe, page, '<p class="box">Open</p><p class="middle" style="font-size: 30px">Open</p>') == []

    assert rules_broken(axe, page, then)


def test_the_same_in_the_dark_is_judged_by_itself(page):
    axe, body = Axe(), "<style>@media (prefers-color-scheme: dark) { p { color: #ddd } }</style><p>Open</p>"
    assert rules_broken(axe, page, body) == []

    page.emulate_media(color_scheme="dark")

    assert rules_broken(axe, page, body) == ["color-contrast"]


def test_what_was_right_is_judged_once_and_everything_where_it_is_asked_for(page):
    axe, body = Axe(), '<p class="box">Open</p>'
    rules_broken(axe, page, body)
    # As if a wrong colour had been judged and found right.
    page.set_content(PAGE % '<p class="pale">Open</p>')
    axe.judged |= {(1280, False, look) for look in page.evaluate(NAMES)}

    assert rules_broken(axe, page, '<p class="pale">Open</p>') == []
    assert rules_broken(axe, page, '<p class="pale">Open</p>', everywhere=True) == ["color-contrast"]


def test_the_other_rules_are_asked_of_every_page(page):
    axe = Axe()

    for _ in range(2):
        assert rules_broken(axe, page, '<p><img src="data:,"></p>') == ["image-alt"]
