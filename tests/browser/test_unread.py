"""Reading on from where one stopped, whatever the device."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic, now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("with_script", [True, False])
def test_a_member_reads_on_from_another_device(open_page, with_script):
    member = make_user(joined_at=now() - timedelta(days=900))
    topic, writer = make_topic(), make_user(trust=User.Trust.MEMBER)
    posts = [make_post(topic=topic, author=writer) for _ in range(21)]

    laptop = open_page("/unread/", member, java_script_enabled=with_script)
    laptop.get_by_role("link", name=topic.title, exact=True).click()
    expect(laptop.locator(f"#p{posts[-3].pk}")).to_be_visible()
    phone = open_page("/unread/", member, java_script_enabled=with_script, viewport={"width": 390, "height": 800})
    phone.get_by_role("link", name=f"First unread post in {topic.title}").click()

    expect(phone).to_have_url(f"{topic.url_of_page(2)}#p{posts[-2].pk}")
    expect(phone.locator(f"#p{posts[-2].pk}")).to_be_in_viewport()
    expect(phone.locator(f"#p{posts[-2].pk}").get_by_text("New")).to_be_visible()
    phone.goto("/unread/")
    expect(phone.get_by_text("You have read everything.")).to_be_visible()


def test_what_came_after_the_page_was_made_stays_unread(open_page):
    member = make_user(joined_at=now() - timedelta(days=900))
    make_topic()
    page = open_page("/unread/", member)

    make_topic(title="Written after the page was made")
    page.get_by_role("button", name="Mark all read").click()
    page.get_by_role("link", name="Unread").first.click()

    expect(page.locator(".topics h3")).to_have_count(1)
    expect(page.get_by_role("link", name="Written after the page was made", exact=True)).to_be_visible()
