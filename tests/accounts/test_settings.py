from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from accounts.models import User
from config.context_processors import site
from config.urls import urlpatterns as site_urls
from tests.factories import make_user

pytestmark = pytest.mark.django_db

AT_NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
urlpatterns = [
    path("time/", lambda request: HttpResponse(f"{timezone.localtime(AT_NOON):%H:%M}")),
    *site_urls,
]


def save(client, **fields):
    return client.post("/settings/", {"theme": "", "time_zone": "UTC", "posts_per_page": "20"} | fields)


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/settings/")["Location"].startswith("/account/login/")


def test_members_say_how_pages_look(client):
    user = make_user()
    client.force_login(user)

    save(client, theme="dark", time_zone="Asia/Bishkek")

    user.refresh_from_db()
    assert (user.theme, user.time_zone) == ("dark", "Asia/Bishkek")


def test_what_the_site_counts_is_not_a_setting(client):
    user = make_user()
    client.force_login(user)

    save(client, username="admin", email="x@example.org", is_staff="1", trust="2", posts_count="9")

    user.refresh_from_db()
    assert (user.is_staff, user.trust, user.posts_count) == (False, User.Trust.NEW, 0)
    assert user.username != "admin"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "UTC\x00"])
def test_only_known_time_zones_are_kept(client, zone):
    user = make_user(time_zone="Asia/Almaty")
    client.force_login(user)

    assert save(client, time_zone=zone).status_code == 400

    user.refresh_from_db()
    assert user.time_zone == "Asia/Almaty"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("zone", "clock"), [("Asia/Bishkek", "18:00"), ("UTC", "12:00"), ("Gone/Town", "12:00")])
def test_members_read_times_as_at_home(client, zone, clock):
    client.force_login(make_user(time_zone=zone))

    assert client.get("/time/").text == clock


@pytest.mark.urls(__name__)
def test_visitors_read_times_in_utc(client):
    assert client.get("/time/").text == "12:00"


@pytest.mark.parametrize("theme", ["dark", "light", ""])
def test_a_visitors_theme_is_a_cookie(client, theme):
    answer = client.post("/theme/", {"theme": theme, "next": "/about/"})

    assert answer["Location"] == "/about/"
    assert client.cookies["theme"].value == theme
    assert (f'data-theme="{theme}"' in client.get("/nowhere/").text) == bool(theme)


def test_a_members_theme_is_kept_with_the_account(client):
    user = make_user()
    client.force_login(user)

    client.post("/theme/", {"theme": "dark"})

    user.refresh_from_db()
    assert user.theme == "dark"
    del client.cookies["theme"]
    assert 'data-theme="dark"' in client.get("/nowhere/").text


@pytest.mark.parametrize("theme", ["pink", '"><script>', "dark light"])
def test_a_theme_we_do_not_have_is_refused(client, theme):
    assert client.post("/theme/", {"theme": theme}).status_code == 200
    assert "theme" not in client.cookies

    client.cookies["theme"] = theme
    assert theme not in client.get("/nowhere/").text


def test_looking_at_the_themes_changes_nothing(client):
    client.get("/theme/?theme=dark")

    assert "theme" not in client.cookies


def test_the_demo_tells_its_passwords_and_no_other_site_does(rf, settings):
    settings.DEMO = True
    assert {account["password"] for account in site(rf.get("/"))["demo_accounts"]} == {"borderpost-demo"}

    settings.DEMO = False
    assert "demo_accounts" not in site(rf.get("/"))


def test_members_say_how_they_read(client):
    user = make_user()
    client.force_login(user)

    save(client, density="compact", posts_per_page="50")

    user.refresh_from_db()
    assert (user.density, user.posts_per_page, user.has_shortcuts) == ("compact", 50, False)
    for page in ("/", "/settings/", "/nowhere/"):
        assert 'data-density="compact"' in client.get(page).text

    save(client, density="", has_shortcuts="on")

    user.refresh_from_db()
    assert (user.density, user.has_shortcuts) == ("", True)
    assert "data-density" not in client.get("/").text


@pytest.mark.parametrize("density", ["dense", '"><script>', "compact "])
def test_a_density_we_do_not_have_is_refused(client, density):
    user = make_user()
    client.force_login(user)

    assert save(client, density=density).status_code == 400

    user.refresh_from_db()
    assert user.density == ""
