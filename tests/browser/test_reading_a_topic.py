"""Reading an open topic: the line of new replies, single keys, bookmarks and folded posts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.actions import ignore
from forum.models import Bookmark, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
MINUTE = 61_000


def hide(page, hidden: bool):
    """As a browser does with a page in the background."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


class TestTheLiveLine:
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_tells_of_new_replies_and_leads_to_them(self, open_page, signed_in):
        topic = make_topic(title="Is the pass open in March")
        page = open_page("/", make_user() if signed_in else None)
        page.clock.install()
        page.goto(topic.get_absolute_url())
        before, line = page.title(), page.locator("[data-live]")
        expect(line).to_be_empty()

        replies = [make_post(topic=topic, source=f"Reply {number}.") for number in (1, 2)]
        page.clock.run_for(MINUTE)

        expect(line).to_have_text("2 new replies since you opened this page.")
        expect(page).to_have_title(f"(2) {before}")
        expect(page.get_by_text("Reply 1.")).to_have_count(0)
        line.get_by_role("link", name="2 new replies").click()
        expect(page).to_have_url(re.compile(rf"#p{replies[0].pk}$"))
        expect(page.get_by_text("Reply 2.")).to_be_visible()
        expect(page.locator("[data-live]")).to_be_empty()
        expect(page).to_have_title(before)

    def test_asks_once_a_minute_and_gets_empty_answers_while_nothing_came(self, open_page):
        topic, answers = make_topic(), []
        page = open_page("/")
        page.clock.install()
        page.goto(topic.get_absolute_url())
        page.on("response", lambda answer: answers.append(answer.status) if "/since/" in answer.url else None)

        for minute in range(1, 4):
            with page.expect_response("**/since/**"):
                page.clock.run_for(MINUTE)
            assert len(answers) == minute

        assert answers == [200, 304, 304]
        assert page.context.cookies() == []

    def test_stops_in_the_background_and_asks_at_once_when_it_is_looked_at_again(self, open_page):
        topic, asked = make_topic(), []
        page = open_page("/")
        page.clock.install()
        page.goto(topic.get_absolute_url())
        page.on("request", lambda request: asked.append(request.url) if "/since/" in request.url else None)

        hide(page, True)
        page.clock.run_for(10 * MINUTE)
        assert asked == []
        make_post(topic=topic)
        hide(page, False)
        page.clock.run_for(1_000)

        expect(page.locator("[data-live]")).to_have_text("1 new reply since you opened this page.")
        assert len(asked) == 1

    def test_asks_no_more_for_what_is_not_there_any_more(self, open_page):
        topic, asked = make_topic(), []
        page = open_page("/")
        page.clock.install()
        page.goto(topic.get_absolute_url())
        page.on("request", lambda request: asked.append(request.url) if "/since/" in request.url else None)
        Topic.objects.update(hidden_at=timezone.now(), version=9)

        with page.expect_response("**/since/**"):
            page.clock.run_for(MINUTE)
        page.clock.run_for(5 * MINUTE)
        hide(page, True)
        hide(page, False)
        page.clock.run_for(5 * MINUTE)

        assert len(asked) == 1

    def test_a_lost_line_is_waited_for(self, open_page):
        topic = make_topic()
        page = open_page("/")
        page.clock.install()
        page.goto(topic.get_absolute_url())
        page.context.set_offline(True)
        with page.expect_event("requestfailed"):
            page.clock.run_for(MINUTE)
        make_post(topic=topic)
        page.context.set_offline(False)

        with page.expect_response("**/since/**"):
            page.clock.run_for(MINUTE)

        expect(page.locator("[data-live]")).to_contain_text("1 new reply")


class TestKeys:
    @pytest.fixture
    def topic(self):
        topic = make_topic(source="One of many words. " * 80)
        for number in range(2, 5):
            make_post(topic=topic, source=f"Post {number}. " + "Many more words. " * 120)
        return Topic.objects.get(pk=topic.pk)

    def test_lead_from_post_to_post(self, open_page, topic):
        page = open_page(topic.get_absolute_url(), make_user())
        posts = page.locator("article.post")

        for number in (0, 1, 2):
            page.keyboard.press("j")
            expect(posts.nth(number)).to_be_focused()
        page.keyboard.press("k")
        expect(posts.nth(1)).to_be_focused()
        expect(posts.nth(1)).to_be_in_viewport()

    def test_reply_quote_search_and_explain_themselves(self, open_page, topic):
        page = open_page(topic.get_absolute_url(), make_user())

        page.keyboard.press("r")
        expect(page.locator("#reply textarea")).to_be_focused()
        page.keyboard.type("jkrqb/?")  # while one types a key is a letter
        expect(page.locator("#reply textarea")).to_have_value("jkrqb/?")
        page.locator("h1").click()
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("To the next post")
        page.keyboard.press("j")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("j")
        page.keyboard.press("q")
        expect(page).to_have_url(re.compile(rf"/topics/{topic.pk}/reply/\?quote={topic.opening_post_id}$"))

    def test_quote_the_words_that_are_selected(self, open_page, topic):
        page = open_page(topic.get_absolute_url(), make_user())

        page.evaluate(
            "() => { const text = document.querySelectorAll('.prose p')[1].firstChild;"
            "getSelection().setBaseAndExtent(text, 0, text, 7); }"
        )
        page.keyboard.press("q")

        expect(page.locator("#reply textarea")).to_have_value(re.compile(r"^> \[.*\]\(/posts/\d+/\)\n> Post 2\.\n\n$"))

    def test_bookmark_the_post_that_is_read(self, open_page, topic):
        member = make_user()
        page = open_page(topic.get_absolute_url(), member)

        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("b")
        expect(page.locator("article.post").nth(1).get_by_role("link", name="Bookmarked")).to_be_visible()
        assert Bookmark.objects.get().post.number == 2
        page.keyboard.press("b")

        expect(page.get_by_role("heading", name="Bookmark")).to_be_visible()

    @pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta", "Shift"])
    def test_leave_the_keys_of_others_alone(self, open_page, topic, modifier):
        page = open_page(topic.get_absolute_url(), make_user())

        page.keyboard.press("j")
        page.evaluate("addEventListener('keydown', (event) => { window.isTaken = event.defaultPrevented; })")
        page.keyboard.press(f"{modifier}+k")

        assert page.evaluate("window.isTaken") is False
        expect(page.locator("article.post").first).to_be_focused()

    def test_do_nothing_for_who_turned_them_off_and_for_visitors(self, open_page, topic):
        for page in (
            open_page(topic.get_absolute_url(), make_user(has_shortcuts=False)),
            open_page(topic.get_absolute_url()),
        ):
            for key in "jkrqb/?":
                page.keyboard.press(key)

            expect(page.locator("body")).to_be_focused()
            expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("with_script", [True, False])
def test_a_member_bookmarks_a_post_and_finds_it_again(open_page, with_script):
    topic = make_topic(title="Who drives up to the arch")
    post = make_post(topic=topic, source="Ring them in May.")
    page = open_page(topic.get_absolute_url(), make_user(), java_script_enabled=with_script)

    page.locator(f"#p{post.pk}").get_by_role("button", name="Bookmark").click()
    page.locator(f"#p{post.pk}").get_by_role("link", name="Bookmarked").click()
    page.get_by_label("Note to yourself").fill("For the summer")
    page.get_by_role("button", name="Save bookmark").click()

    expect(page.get_by_text("For the summer")).to_be_visible()
    page.get_by_role("link", name=topic.title, exact=True).click()
    expect(page.get_by_text("Ring them in May.")).to_be_visible()
    page.goto("/bookmarks/")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no bookmarks.")).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_member_ignores_another_and_reads_them_again(open_page, with_script):
    post = make_post(source="Loud words.")
    member = make_user()
    page = open_page(post.author.get_absolute_url(), member, java_script_enabled=with_script)

    page.get_by_role("link", name="Ignore").click()
    page.get_by_role("button", name=f"Ignore {post.author.username}").click()
    page.goto(post.topic.get_absolute_url())
    expect(page.get_by_text("Loud words.")).to_be_hidden()
    page.get_by_text("whom you ignore").click()
    expect(page.get_by_text("Loud words.")).to_be_visible()
    author, body = (page.locator(f"#p{post.pk} {part}").bounding_box() for part in (".author", ".body"))
    assert author["x"] + author["width"] <= body["x"]  # side by side, as in every post
    page.goto("/settings/ignored/")
    page.get_by_role("button", name="Read again").click()
    page.goto(post.topic.get_absolute_url())

    expect(page.get_by_text("Loud words.")).to_be_visible()


def test_a_folded_post_stays_folded_for_whoever_comes_by_its_address(open_page):
    post, member = make_post(source="Loud words."), make_user()
    ignore(member, post.author)

    page = open_page(post.get_absolute_url(), member)

    expect(page.locator(f"#p{post.pk}")).to_be_in_viewport()
    expect(page.get_by_text("Loud words.")).to_be_hidden()
