"""axe finds nothing, on phone and desktop, light and dark, signed in and out, and no page scrolls sideways."""

import pytest
from django.utils import timezone

from accounts.models import ExpertBadge
from forum.models import Post, Topic
from forum.rules import set_rules
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

VARIANTS = [
    pytest.param({"viewport": {"width": width, "height": 900}, "color_scheme": scheme}, id=f"{width}-{scheme}")
    for width in (390, 1280)
    for scheme in ("light", "dark")
]


def a_lived_in_forum(staff):
    """Every kind of thing that a page can show; gives the pages of visitors and of members."""
    expert = make_user(username="pass_expert", signature="A phone call is worth ten blogs.", bio="Guide.")
    ExpertBadge.objects.create(
        user=expert, title="Kyrgyzstan & Kazakhstan expert", given_by=staff, given_at=timezone.now()
    )
    topic = make_topic(pinned_at=timezone.now())
    table = "| from | to |\n|---|---|\n| Osh | Kashgar |\n\n```\nDriver: name\n```\n\n> quoted\n\n- one\n- two"
    post = make_post(topic=topic, author=expert, source=table)
    hidden = make_post(topic=topic)
    locked = make_topic(subforum=topic.subforum, locked_at=timezone.now())
    Post.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now(), hidden_by=staff)
    Topic.objects.update(opened_at=timezone.now().replace(year=2015, day=1))
    set_rules(staff, topic.subforum, introduction="Look first.", rules=["Look for a topic.", "Say when."])
    slug = topic.subforum.slug
    pages = [
        "/", f"/forums/{slug}/", topic.get_absolute_url(), locked.get_absolute_url(), expert.get_absolute_url(),
        "/unanswered/", "/rules/", "/help/writing/", "/about/", "/theme/", f"/posts/{post.pk}/reactions/", "/nowhere/",
    ]  # fmt: skip
    visitors = ["/account/login/", "/account/signup/", "/account/password/reset/"]
    members = [
        f"/forums/{slug}/new/", f"/topics/{topic.pk}/reply/?quote={post.pk}", "/settings/", "/staff/",
        f"/staff/subforums/{slug}/", f"/forums/{slug}/rules/", "/members/pass_expert/badges/",
        f"/topics/{make_topic(author=staff).pk}/withdraw/", "/account/password/change/", "/account/logout/",
        "/account/email/",
    ]  # fmt: skip
    return pages + visitors, pages + members


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_page_has_a_barrier(open_page, violations, sign_in, variant):
    staff = make_user(is_staff=True, username="kind_staff")
    visitors, members = a_lived_in_forum(staff)
    page = open_page("/", **variant)

    found = problems_of(page, visitors, violations)
    sign_in(page, staff)
    found |= problems_of(page, members, violations)

    assert found == {}


def problems_of(page, paths, violations):
    found = {}
    for path in paths:
        answer = page.goto(path)
        problems = violations(page)
        if not page.url.endswith(path) or answer.status not in {200, 404}:
            problems.append(f"{answer.status} {page.url}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append("scrolls sideways")
        if problems:
            found[path] = problems
    return found
