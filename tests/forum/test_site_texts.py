"""The site's own name, pages and notice, written by administrators on the site."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import site_info
from accounts.models import SiteText
from forum import markup
from forum.permissions import NotAllowed
from forum.site_texts import actions
from tests.factories import make_user
from tests.forum.factories import make_topic
from tests.mailbox import sent

pytestmark = pytest.mark.django_db

PAGES = ["imprint", "privacy", "terms"]


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def save(client, kind, source, **fields):
    newest = SiteText.objects.of(kind).first()
    fields = {"source": source, "based_on": newest.number if newest else 0} | fields
    return client.post(f"/staff/site/{kind}/", fields)


def test_the_name_of_the_site_stands_in_titles_heads_and_feeds(client, administrator):
    topic = make_topic()

    save(client, "name", "Kettle & Road")
    client.logout()

    page = client.get(topic.get_absolute_url()).text
    assert "· Kettle &amp; Road</title>" in page
    assert '<meta property="og:site_name" content="Kettle &amp; Road">' in page
    assert "<span>Kettle &amp; Road</span>" in page
    assert "About Kettle &amp; Road" in page
    assert "Kettle &amp; Road: newest posts" in client.get("/feed/").text
    assert "Kettle &amp; Road" in client.get("/nowhere/").text
    assert "Borderpost" not in page


def test_letters_come_from_the_site_by_its_name(client, administrator):
    save(client, "name", "Kettle & Road")
    client.logout()
    site_info.look_again()

    client.post("/account/password/reset/", {"email": administrator.email})
    letter = sent()[0]

    assert letter.subject == "A new password for Kettle & Road"
    assert letter.from_email == "Kettle & Road <borderpost@localhost>"


def test_a_change_elsewhere_shows_at_once_on_kept_pages_and_to_members(client, django_assert_num_queries):
    """Another process saved it: this one hears of it with the versions it reads anyway."""
    visitor_before = client.get("/").text
    client.get("/")
    SiteText.objects.create(kind="name", number=1, source="Osh Road", set_at=timezone.now())

    visitor = client.get("/").text
    SiteText.objects.create(kind="name", number=2, source="Naryn Road", set_at=timezone.now())
    client.force_login(make_user())
    member = client.get("/settings/").text

    assert "Borderpost" in visitor_before
    assert "<span>Osh Road</span>" in visitor
    assert "<span>Naryn Road</span>" in member


def test_the_texts_cost_no_query_of_their_own(client, django_assert_num_queries):
    topic = make_topic()
    SiteText.objects.create(kind="name", number=1, source="Osh Road", set_at=timezone.now())
    client.get(topic.get_absolute_url())

    with django_assert_num_queries(1):  # the versions
        page = client.get(topic.get_absolute_url()).text

    assert "<span>Osh Road</span>" in page


def test_where_nothing_was_read_lately_one_query_looks_for_the_texts(monkeypatch, django_assert_num_queries):
    SiteText.objects.create(kind="name", number=1, source="Osh Road", set_at=timezone.now())
    monkeypatch.setattr(site_info, "_seen", (0, -float("inf")))

    with django_assert_num_queries(2):
        first = site_info.site_name()
    with django_assert_num_queries(0):
        second = site_info.site_name()

    assert first == second == "Osh Road"


def test_pages_that_say_that_the_database_is_away_ask_it_nothing(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(site_info, "_seen", (0, -float("inf")))

    with django_assert_num_queries(0):
        about = site_info.about_site(may_query=False)

    assert about["site_name"] == "Borderpost"


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_the_site_is_there_and_linked_once_it_has_a_text(client, administrator, kind):
    client.logout()
    missing, unlinked = client.get(f"/{kind}/"), client.get("/").text
    client.force_login(administrator)
    save(client, kind, "We are **three** friends.")
    client.logout()
    shown, linked = client.get(f"/{kind}/"), client.get("/").text

    assert missing.status_code == 404
    assert "<strong>three</strong>" in shown.text
    assert f'href="/{kind}/"' not in unlinked
    assert f'href="/{kind}/"' in linked
    assert not shown.cookies


def test_an_emptied_page_is_gone_with_its_link_and_can_be_brought_back(client, administrator):
    save(client, "imprint", "Three friends.")
    save(client, "imprint", "")

    assert client.get("/imprint/").status_code == 404
    assert 'href="/imprint/"' not in client.get("/").text
    assert "Three friends." in client.get("/staff/site/imprint/history/1/").text


def test_the_notice_stands_above_every_page_until_its_last_day(client, administrator, monkeypatch):
    today = timezone.now().date()
    save(client, "notice", "We **move** on Sunday.", tone="warning", until=today.isoformat())
    client.logout()

    with_notice = [client.get(path).text for path in ("/", "/search/", "/about/", "/nowhere/")]
    SiteText.objects.update(until=today - timedelta(days=1), version=1)
    without = client.get("/").text

    assert all("We <strong>move</strong> on Sunday." in page for page in with_notice)
    assert 'class="notice-bar warning" role="region"' in with_notice[0]
    assert "notice-bar" not in without


def test_a_notice_of_a_day_that_is_over_is_refused(client, administrator):
    answer = save(client, "notice", "Too late.", until=(timezone.now().date() - timedelta(days=1)).isoformat())

    assert answer.status_code == 400
    assert "This day is over" in answer.text
    assert not SiteText.objects.exists()


@pytest.mark.parametrize(
    ("kind", "source", "words"),
    [
        ("name", "A name that is much longer than any head of a page", "at most 40 characters"),
        ("notice", "Long " * 70, "at most 300 characters"),
        ("imprint", "> " * 40 + "too deep", ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, administrator, kind, source, words):
    answer = save(client, kind, source)

    assert answer.status_code == 400
    assert words in answer.text
    assert source.strip()[:20].replace(">", "&gt;") in answer.text
    assert not SiteText.objects.exists()


def test_a_name_is_one_line_of_what_can_be_seen(client, administrator):
    save(client, "name", " Osh\u200b\r\nBcc: x@example.org ")
    site_info.look_again()

    assert site_info.site_name() == "Osh Bcc: x@example.org"
    assert "\n" not in site_info.sender()


def test_what_somebody_types_is_made_safe(client, administrator):
    save(client, "terms", "<script>alert(1)</script> [x](javascript:alert(1))")

    page = client.get("/terms/").text

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_saving_the_same_again_makes_no_new_version(client, administrator):
    save(client, "terms", "Be kind.")
    save(client, "terms", "Be kind.")

    assert SiteText.objects.count() == 1


def test_two_at_once_get_both_texts(client, administrator):
    save(client, "terms", "Be kind.")

    late = save(client, "terms", "Be very kind.", based_on=0)
    again = save(client, "terms", "Be very kind.")

    assert late.status_code == 409
    assert "Be kind." in late.text
    assert "Be very kind." in late.text
    assert again.status_code == 302
    assert [text.source for text in SiteText.objects.of("terms")] == ["Be very kind.", "Be kind."]


def test_the_privacy_page_begins_with_a_draft_that_nobody_sees_before_it_is_saved(client, administrator, settings):
    settings.ADDRESSES_KEPT_DAYS = 33

    editor = client.get("/staff/site/privacy/").text

    assert "kept for 33 days" in editor
    assert "[Name, address and e-mail address" in editor
    assert client.get("/privacy/").status_code == 404


def test_a_preview_shows_the_text_and_saves_nothing(client, administrator):
    whole = save(client, "imprint", "*Three* friends.", preview="1")
    part = client.post(
        "/staff/site/imprint/", {"source": "*Three*", "based_on": 0, "preview": "1"}, headers={"HX-Request": "true"}
    )

    assert "<em>Three</em> friends." in whole.text
    assert "<em>Three</em>" in part.text
    assert "<html" not in part.text
    assert not SiteText.objects.exists()


@pytest.mark.parametrize("path", ["/staff/site/", "/staff/site/name/", "/staff/site/imprint/history/"])
def test_the_editors_are_for_administrators_alone(client, path):
    visitor = client.get(path)
    client.force_login(make_user())
    member, post = client.get(path), client.post("/staff/site/name/", {"source": "Mine", "based_on": 0})

    assert visitor.url.startswith("/account/login/")
    assert (member.status_code, post.status_code) == (403, 403)
    assert not SiteText.objects.exists()


def test_the_action_asks_who_saves():
    with pytest.raises(NotAllowed):
        actions.save_text(make_user(), "name", source="Mine")


def test_an_unknown_kind_is_not_here(client, administrator):
    assert client.get("/staff/site/colour/").status_code == 404
    assert client.get("/staff/site/name/history/7/").status_code == 404


def test_texts_of_an_older_markup_are_rendered_again_and_shown(client, administrator):
    save(client, "notice", "We *move*.")
    SiteText.objects.update(html="old", markup_version=markup.MARKUP_VERSION - 1)

    lifted = list(actions.rerender())

    assert len(lifted) == 1
    assert "We <em>move</em>." in client.get("/").text
    assert list(actions.rerender()) == []
