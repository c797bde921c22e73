"""Accepting an answer."""

import pytest
from playwright.sync_api import expect

from tests.forum.factories import make_post

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("with_script", [True, False])
def test_whoever_asked_accepts_an_answer_and_takes_it_back(open_page, with_script):
    post = make_post()
    asker = post.topic.author
    page = open_page(post.topic.get_absolute_url(), asker, java_script_enabled=with_script)
    article = page.locator(f"#p{post.pk}")

    article.get_by_role("button", name="Accept answer").click()
    expect(article.get_by_text(f"Accepted by {asker.username}")).to_be_visible()
    expect(article).to_be_in_viewport()
    expect(page.get_by_role("link", name=f"Answer by {post.author.username}")).to_be_visible()

    article.get_by_role("button", name="Accept answer").click()
    expect(article.get_by_text("Accepted by")).to_have_count(0)
