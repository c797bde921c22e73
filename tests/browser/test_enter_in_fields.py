"""Enter in a field of a page of staff does nothing: whatever acts there has a button of its own."""

import pytest
from django.urls import reverse
from playwright.sync_api import Error

from tests.matrix.rows import ROWS
from tests.matrix.test_matrix import value
from tests.matrix.world import ROLES, make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
# Fields in which Enter can be pressed, each with the kind that it is one of, without numbers: address and first button
# of its form, its own name and type.
FIELDS = """() => {
  const fields = document.querySelectorAll(
    "main form[method=post] :is(input:not([type=hidden], [type=file]), select)"
  );
  window.fields = [...fields].filter(field => field.checkVisibility() && field.offsetWidth && !field.disabled);
  return window.fields.map(field => {
    const address = field.form.getAttribute("action") || location.pathname;
    const button = [...field.form.elements].find(element => element.type === "submit")?.cloneNode().outerHTML;
    return [field.name, [address, button, field.name, field.type].join(" ").replace(/[0-9]+/g, "0")];
  });
}"""
# Also what is shown for one choice only.
UNFOLD = """() => {
  for (const folded of document.querySelectorAll("main details")) folded.open = true;
  for (const form of document.querySelectorAll(".choose")) form.classList.remove("choose");
}"""
MEMBER, AUTHOR, ADMIN = (ROLES.index(role) for role in ("member", "author", "admin"))
# Routes that members and authors never see, and administrators do.
MEMBERS_SEE = {row.route for row in ROWS if "V" in {row.codes[MEMBER], row.codes[AUTHOR]}}
PAGES = [
    row
    for row in ROWS
    if row.method == "GET" and row.route not in MEMBERS_SEE and row.codes[ADMIN] == "V"
    if row.why != "a link changes nothing"
]


def addresses(world):
    paths = (reverse(row.route, args=[value(world, argument) for argument in row.args]) for row in PAGES)
    return [*dict.fromkeys(paths), reverse("crossings:edit-links", args=[world["topic"].pk])]


# In the suite one field of each kind, on whichever page it stands first, and as a proof every field of every page.
@pytest.mark.parametrize(
    ("scripted", "every"),
    [
        (True, False),
        pytest.param(True, True, marks=pytest.mark.proof),
        pytest.param(False, True, marks=pytest.mark.proof),
    ],
)
def test_enter_in_any_field_of_any_page_of_staff_does_nothing(open_page, scripted, every):
    world = make_world()
    page, sent, pressed = open_page("/", world["admin"], java_script_enabled=scripted), [], {}
    page.route("**/*", lambda route: send(route, sent))

    for path in addresses(world):
        open_next(page, path, sent)
        page.evaluate(UNFOLD)
        for number, (name, kind) in enumerate(page.evaluate(FIELDS)):
            if every or kind not in pressed:
                page.evaluate("number => window.fields[number].focus()", number)
                page.keyboard.press("Enter")
                pressed[kind] = name

    assert sent == []
    assert {"reason", "new_title", "days", "pattern", "name"} <= set(pressed.values())


def open_next(page, path, sent):
    """What was sent in between breaks it off."""
    try:
        page.goto(path)
    except Error:
        assert sent == []
        raise


def send(route, sent):
    """Nothing that Enter sends arrives, so that the page stays."""
    request = route.request
    if request.method != "POST":
        return route.fallback()
    sent.append((request.frame.url, request.post_data))
    return route.fulfill(status=204)
