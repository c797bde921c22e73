"""Writing a reply: preview, marks, counters, pasting, and replies that arrive meanwhile."""

import pytest
from playwright.sync_api import expect

from forum.models import Post
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


MARKDOWN_OF = {
    "<b>closed</b> on <em>Sundays</em>": "**closed** on _Sundays_",
    'See <a href="https://example.org/x">the notice</a>.': "See [the notice](https://example.org/x).",
    "<p>Bring:</p><ul><li>cash</li><li>water</li></ul>": "Bring:\n\n- cash\n- water",
    "<ol><li>Torugart</li><li>Kashgar</li></ol>": "1. Torugart\n2. Kashgar",
    "<blockquote><p>No cars.</p><p>No bikes.</p></blockquote>": "> No cars.\n>\n> No bikes.",
    '<b style="font-weight:normal"><p>One <i>word</i></p></b>': "One _word_",
    '<style>b { color: red }</style><p onclick="go()">See <b>this</b></p>': "See **this**",
    "<p>Form:</p>\n  <pre>name\n    age\n\n\n  visa</pre>": "Form:\n\n```\nname\n    age\n\n\n  visa\n```",
    "<h2>Green zone</h2><script>alert(1)</script><p>Permit</p>": "**Green zone**\n\nPermit",
}


@pytest.fixture
def area(open_page):
    """The text field under a topic, ready to be written in."""
    area = open_page(make_topic().get_absolute_url(), make_user()).get_by_label("Your reply")
    area.focus()
    return area


def paste(area, **data):
    """What the field holds after pasting into it."""
    return area.evaluate(
        """(area, data) => {
            const clipboardData = new DataTransfer();
            for (const [kind, text] of Object.entries(data)) clipboardData.setData(`text/${kind}`, text);
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            area.value = "";
            if (area.dispatchEvent(event)) area.value = clipboardData.getData("text/plain");
            return area.value;
        }""",
        data,
    )


def test_the_preview_comes_in_place_and_the_text_stays(area):
    page = area.page
    address = page.url

    area.fill("The gate is **open**.")
    page.get_by_role("button", name="Preview").press("Enter")

    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("open")
    expect(preview).to_be_in_viewport()
    expect(page.get_by_role("button", name="Preview")).to_be_focused()
    expect(area).to_have_value("The gate is **open**.")
    assert page.url == address
    assert Post.objects.count() == 1


def test_a_second_preview_takes_the_place_of_the_first(area):
    page = area.page

    for text in ("The gate is open.", "The gate is closed."):
        area.fill(text)
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("region", name="Preview").locator("p")).to_have_text(text)


def test_the_characters_are_counted(area):
    area.press_sequentially("Five!")

    expect(area.page.get_by_text("Markdown works. 5 of 20000 characters.")).to_be_visible()


def test_control_and_enter_posts(area):
    area.fill("Open on Monday.")
    area.press("Control+Enter")

    expect(area.page.get_by_text("Reply posted.")).to_be_visible()
    assert Post.objects.filter(source="Open on Monday.").exists()


def test_the_keyboard_marks_up_what_is_selected(area):
    area.fill("open")
    area.select_text()
    area.press("Control+b")

    expect(area).to_have_value("**open**")
    expect(area).to_be_focused()


def test_marks_without_a_selection_stand_around_what_is_typed_next(area):
    area.fill("It is ")
    area.press("Control+b")
    area.press_sequentially("open")

    expect(area).to_have_value("It is **open**")


def test_formatted_text_is_pasted_as_markdown(area):
    pasted = {html: paste(area, html=html, plain="never used") for html in MARKDOWN_OF}

    assert pasted == MARKDOWN_OF


def test_plain_text_is_pasted_as_it_is(area):
    assert paste(area, html="<div><span>2 * 3 * 4</span></div>", plain="2 * 3 * 4") == "2 * 3 * 4"


@pytest.mark.parametrize("with_script", [True, False])
def test_replies_that_arrived_meanwhile_are_read_before_posting(open_page, with_script):
    topic = make_topic()
    page = open_page(topic.get_absolute_url(), make_user(), java_script_enabled=with_script)

    page.get_by_label("Your reply").fill("It is open.")
    make_post(topic=topic, source="I was faster.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("1 reply arrived while you wrote.")).to_be_visible()
    expect(page.get_by_text("I was faster.")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("It is open.")
    assert topic.posts.count() == 2

    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Reply posted.")).to_be_visible()
    assert topic.posts.count() == 3
