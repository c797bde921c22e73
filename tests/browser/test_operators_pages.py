"""The operator's pages work under the policy against inline code: any complaint in the console fails the test."""

import pytest
from playwright.sync_api import expect

from moderation.actions import post_acts
from moderation.log.entries import Why
from moderation.models import ModerationEntry
from tests.factories import make_user
from tests.forum.factories import make_post

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def test_index_lists_and_forms_break_no_rule_of_the_policy(open_page):
    staff = make_user(is_staff=True, is_superuser=True)
    post = make_post()
    post.topic.subforum.moderators.add(staff)
    entry = post_acts.hide(staff, post, Why(reason="For order."))
    page = open_page("/operator/", member=staff)
    expect(page.get_by_role("link", name="Moderation entries")).to_be_visible()

    for path, words in {
        "/operator/moderation/moderationentry/": "Hide post",
        f"/operator/moderation/moderationentry/{entry.pk}/change/": "Hide post",
        f"/operator/accounts/user/{staff.pk}/change/": staff.username,
        f"/operator/forum/subforum/{post.topic.subforum_id}/change/": "Chosen moderators",
    }.items():
        assert page.goto(path).status == 200
        expect(page.locator("#content")).to_contain_text(words)
        inline = page.locator('style, [style]:not([style=""]), script:not([src]):not([type*=json])')
        assert [element.evaluate("e => e.outerHTML.slice(0, 120)") for element in inline.all()] == []
    assert ModerationEntry.objects.count() == 1
