"""From asking for an expert's badge to standing beside a post with it; profiles; and their pages as axe sees them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ExpertBadge, User
from crossings.models import BadgeApplication
from forum.models import Topic
from tests.crossings.factories import make_country
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_expert(name, **fields):
    expert = make_user(username=name, trust=User.Trust.TRUSTED)
    ExpertBadge.objects.create(
        user=expert, title="Kyrgyzstan expert", countries=["KG"], reason="Lives there.", given_by=expert,
        given_at=timezone.now() - timedelta(days=500), **fields,
    )  # fmt: skip
    return expert


def an_answer(author):
    topic = make_topic()
    Topic.objects.filter(pk=topic.pk).update(countries=["CN", "KG"])
    return make_post(topic=topic, author=author)


@pytest.fixture
def applicant():
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    return make_user(username="bakyt", trust=User.Trust.MEMBER)


@pytest.mark.parametrize("with_script", [True, False])
def test_a_member_asks_two_agree_and_the_badge_stands_beside_the_post(open_page, applicant, with_script):
    answers = [an_answer(applicant) for _ in range(3)]
    administrator = make_user(username="warden", is_staff=True, is_superuser=True)
    script = {"java_script_enabled": with_script}

    page = open_page("/countries/kg/experts/", applicant, **script)
    page.get_by_role("link", name="Ask for the badge").click()
    page.get_by_label("Your three best answers").fill("\n".join(f"/posts/{post.pk}/" for post in answers))
    page.get_by_label("What you know").fill("I live in Naryn.")
    page.get_by_role("button", name="Ask for the badge").click()
    expect(page.get_by_role("heading", name="You ask for a badge")).to_be_visible()
    address = page.url
    for name in ("first", "second"):
        at_expert = open_page(address, make_expert(name), **script)
        at_expert.get_by_role("button", name="I agree").click()
        expect(at_expert.get_by_role("button", name="Take your word back")).to_be_visible()
    at_staff = open_page(address, administrator, **script)
    at_staff.get_by_label("Reason").fill("Right for years.")
    at_staff.get_by_role("button", name="Give the badge").click()
    expect(at_staff.get_by_text("The badge was given")).to_be_visible()

    visitor = open_page(answers[0].topic.get_absolute_url(), **script)

    expect(visitor.locator(f"#p{answers[0].pk} .author").get_by_text("Kyrgyzstan expert")).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_profile_is_previewed_saved_and_read_by_others(open_page, applicant, with_script):
    page = open_page("/settings/profile/", applicant, java_script_enabled=with_script)
    page.get_by_role("textbox", name="About you").fill("I know **every** pass.")
    page.get_by_role("textbox", name="Location").fill("Naryn")

    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview, not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Profile saved.")).to_be_visible()
    visitor = open_page(applicant.get_absolute_url(), java_script_enabled=with_script)

    expect(visitor.get_by_text("I know every pass.")).to_be_visible()
    expect(visitor.get_by_text("Naryn")).to_have_count(0)


def test_axe_finds_nothing_on_their_pages(open_page, applicant, violations):
    asleep = make_expert("sleeper", asleep_at=timezone.now())
    User.objects.filter(pk=asleep.pk).update(
        bio="من كاشغر", location="Kashgar", languages="Uyghur", travels_by=["car"], home_page="https://x.example/",
        signature="Slowly.",
    )  # fmt: skip
    make_expert("waking")
    administrator = make_user(username="warden", is_staff=True, is_superuser=True, trust=User.Trust.MEMBER)
    application = BadgeApplication.objects.create(
        applicant=applicant, countries=["KG"], words="I live there.", made_at=timezone.now()
    )
    application.answers.set([an_answer(applicant)])
    page = open_page("/", administrator, viewport={"width": 390, "height": 844})
    found = {}

    for path in [
        asleep.get_absolute_url(), "/countries/kg/experts/", "/experts/apply/", "/experts/applications/",
        application.get_absolute_url(), "/settings/profile/", "/settings/", "/staff/subjects/", "/staff/subjects/new/",
        f"/moderation/members/{asleep.username}/",
    ]:  # fmt: skip
        page.goto(path)
        found[path] = violations(page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
