"""axe finds nothing, on phone and desktop, light and dark, signed in and out, and no page scrolls sideways."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ExpertBadge
from crossings import linking
from crossings.models import CrossingReport
from forum import answering, drafts, editing
from forum.models import Post, Topic
from forum.rules import set_rules
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
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
    answering.accept_answer(topic.author, post)
    editing.edit_post(expert, post, source=table.replace("two", "three"), reason="Counted again", based_on=0)
    hidden = make_post(topic=topic)
    locked = make_topic(subforum=topic.subforum, locked_at=timezone.now())
    Post.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now(), hidden_by=staff)
    Topic.objects.update(opened_at=timezone.now().replace(year=2015, day=1))
    set_rules(staff, topic.subforum, introduction="Look first.", rules=["Look for a topic.", "Say when."])
    for place in (topic, topic.subforum, post):
        drafts.save(staff, place, source="Half a text", title="Half a title")
    slug = topic.subforum.slug
    pages = [
        "/", f"/forums/{slug}/", topic.get_absolute_url(), locked.get_absolute_url(), expert.get_absolute_url(),
        "/unanswered/", "/answered/", f"/topics/{topic.pk}/answers/", "/rules/", "/help/writing/", "/about/",
        "/theme/", f"/posts/{post.pk}/reactions/", "/nowhere/", "/search/", "/search/?q=torugart&titles=on",
        *pages_of_crossings(topic),
    ]  # fmt: skip
    visitors = [
        "/account/login/", "/account/signup/", "/account/password/reset/", "/search/?q=zzyzx&by=nobody",
        "/search/?q=torugart&since=ever", f"/forums/{slug}/?tab=answered",
    ]  # fmt: skip
    members = [
        "/unread/", "/drafts/", f"/posts/{post.pk}/edit/", f"/posts/{topic.opening_post_id}/edit/",
        f"/posts/{post.pk}/history/", f"/posts/{hidden.pk}/history/", f"/forums/{slug}/new/",
        f"/topics/{topic.pk}/reply/?quote={post.pk}", "/settings/", "/staff/", f"/staff/subforums/{slug}/",
        f"/forums/{slug}/rules/", "/members/pass_expert/badges/", "/members/pass_expert/rename/",
        f"/topics/{make_topic(author=staff).pk}/withdraw/", "/account/password/change/", "/account/logout/",
        "/account/email/", "/report/", "/report/?q=arch", "/crossings/the-arch/report/",
        f"/topics/{topic.pk}/crossings/", f"/reports/{CrossingReport.objects.latest('pk').pk}/edit/",
    ]  # fmt: skip
    return pages + visitors, members + pages


def pages_of_crossings(topic):
    """A crossing about which everything is told that can be told."""
    crossing = make_crossing(
        name="The Arch", slug="the-arch", names=("Торугарт", "خنجراب"), post_a="Topa", altitude_m=3752
    )
    crossing.facts.create(
        kind="papers", text="A permit", as_of="2024-05-01", source="https://news.example/1", confidence="low"
    )
    make_crossing(name="The other one")
    linking.link_topic(topic, crossing, source="author", by=topic.author)
    for outcome in ("crossed", "conditions", "found-closed"):
        make_report(crossing, outcome=outcome, minutes_at_exit=70, papers=["visa"], is_delayed=outcome == "crossed")
    make_report(crossing, days_ago=500, is_hearsay=True, mode="car", direction="b-a")
    make_notice(crossing, kind="danger")
    url = crossing.get_absolute_url()
    report_topic = CrossingReport.objects.latest("pk").post.topic
    return ["/crossings/", url, f"{url}why/", f"{url}reports/", f"{url}topics/", report_topic.get_absolute_url()]


@pytest.fixture
def staff():
    return make_user(is_staff=True, username="kind_staff", joined_at=timezone.now() - timedelta(days=900))


def test_no_page_has_a_barrier_for_visitors(open_page, violations, staff):
    paths, _ = a_lived_in_forum(staff)
    page = open_page()

    assert barriers_on(page, paths, violations) == {}


def test_no_page_has_a_barrier_for_members(open_page, violations, staff):
    _, paths = a_lived_in_forum(staff)
    page = open_page("/", staff)

    assert barriers_on(page, paths, violations) == {}


def test_no_barrier_stands_where_two_were_writing(open_page, violations, staff):
    post = make_post(source="Open on Monday.")
    page = open_page(f"/posts/{post.pk}/edit/", staff)
    page.get_by_label("Your post").fill("Open on Tuesday.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    found = {"preview": barriers(page, violations)}

    editing.edit_post(post.author, post, source="Open on Friday.", based_on=0)
    page.get_by_role("button", name="Save post").click()
    expect(page.get_by_role("heading", name="Somebody else edited this meanwhile")).to_be_visible()
    found["edit"] = barriers(page, violations)

    page.goto(f"/topics/{post.topic_id}/reply/")
    page.get_by_label("Your reply").fill("Closed.")
    make_post(topic=post.topic)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("1 reply arrived while you wrote.")).to_be_visible()
    found["reply"] = barriers(page, violations)

    assert found == {"preview": [], "edit": [], "reply": []}


def barriers_on(page, paths, violations):
    found = {}
    for path in paths:
        answer = page.goto(path)
        problems = barriers(page, violations)
        if not page.url.endswith(path) or answer.status not in {200, 400, 404}:
            problems.append(f"{answer.status} {page.url}")
        if problems:
            found[path] = problems
    return found


def barriers(page, violations):
    """What stands in somebody's way on this page, in any of its four looks."""
    problems = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{width}: scrolls sideways")
        for scheme, rules in {"light": None, "dark": ["color-contrast", "link-in-text-block"]}.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is on its way to another
            problems += [f"{width} {scheme}: {violation}" for violation in violations(page, rules)]
    return problems
