""" "Still true" and what it does: the words above an old answer go, also by keyboard and without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ExpertBadge, User
from crossings.links import actions
from crossings.status import update
from forum.actions import answers
from forum.models import Post
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
OLD = "May be out of date since"


@pytest.fixture
def answer():
    """Accepted, and 400 days old."""
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(name="Torugart Pass", slug="torugart", editors_status="open")
    update.judge(crossing.pk)
    topic = make_topic(title="Torugart, anybody?")
    actions.link_topic(topic, crossing, source="author", by=topic.author)
    post = make_post(topic=topic)
    answers.accept_answer(topic.author, post)
    Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timedelta(days=400))
    return post


def press(page, button, with_script):
    """By keyboard; with script the page stays, and so does the focus."""
    button.focus()
    page.keyboard.press("Enter")
    if with_script:
        expect(button).to_be_focused()


@pytest.mark.parametrize("with_script", [True, False])
def test_still_true_takes_the_warning_away_and_taking_it_back_brings_it_again(open_page, answer, with_script):
    member = make_user(trust=User.Trust.MEMBER)
    page = open_page(answer.topic.get_absolute_url(), member, java_script_enabled=with_script)
    article = page.locator(f"#p{answer.pk}")
    still_true = article.get_by_role("button", name="Still true")
    expect(article.get_by_text(OLD)).to_be_visible()

    press(page, still_true, with_script)
    expect(still_true).to_have_attribute("aria-pressed", "true")
    expect(article.get_by_text(OLD)).to_have_count(0)
    expect(article.get_by_text("Still true for 1 traveller, last on")).to_be_visible()
    expect(article).to_be_in_viewport()

    press(page, still_true, with_script)
    expect(still_true).to_have_attribute("aria-pressed", "false")
    expect(article.get_by_text(OLD)).to_be_visible()

    visitor = open_page(answer.topic.get_absolute_url())
    expect(visitor.get_by_text(OLD)).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False])
def test_three_outdated_put_it_on_the_desk_where_one_tap_settles_it(open_page, answer, with_script):
    expert = make_user(username="kg_expert")
    ExpertBadge.objects.create(
        user=expert, title="Pass expert", countries=["KG"], given_by=expert, given_at=timezone.now()
    )
    for _ in range(3):
        page = open_page(
            answer.topic.get_absolute_url(), make_user(trust=User.Trust.MEMBER), java_script_enabled=with_script
        )
        page.locator(f"#p{answer.pk}").get_by_role("button", name="Outdated").click()
        expect(page.get_by_role("button", name="Outdated", pressed=True)).to_be_visible()

    page = open_page("/", expert, java_script_enabled=with_script)
    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("link", name="Experts' desk").click()
    expect(page.get_by_text("3 members call it outdated")).to_be_visible()
    page.get_by_role("button", name="Still true").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Confirmed: still true as of today.")).to_be_visible()
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()

    visitor = open_page(answer.topic.get_absolute_url())
    expect(visitor.get_by_text("Confirmed by kg_expert, expert,")).to_be_visible()
    expect(visitor.get_by_text("May be out of date")).to_have_count(0)
