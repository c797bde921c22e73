"""Django's admin: at a path of one's own, by administrators in standing, who proved just now who they are."""

import re
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from config import environment
from tests.accounts.signin.steps import app_of, prove, sign_in
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_subforum

pytestmark = pytest.mark.django_db


def first_parts(resolver, prefix=""):
    """What stands before the first slash of the site's own paths."""
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver) and "/" not in path:
            yield from first_parts(entry, path)
        else:
            yield path.partition("/")[0]


def make_operator():
    return make_user("kettle", is_staff=True, is_superuser=True)


def test_proof_is_asked_for_and_leads_on_to_the_page(client):
    client.force_login(make_operator())

    answer = client.get("/operator/accounts/user/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/reauthenticate/?next=")
    answer = client.post(
        answer.redirect_chain[-1][0], {"password": PASSWORD, "next": answer.wsgi_request.GET["next"]}, follow=True
    )

    assert answer.redirect_chain[-1][0] == "/operator/accounts/user/"
    assert answer.status_code == 200


def test_proof_holds_for_half_an_hour(client):
    client.force_login(make_operator())
    prove(client)
    assert client.get("/operator/").status_code == 200
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 1801}]
    session.save()

    assert client.get("/operator/").status_code == 302


def test_a8_a_wrong_next_leads_to_no_other_site(client):
    client.force_login(make_operator())
    prove(client)

    for url in ("https://evil.example/", "//evil.example/", "javascript:1", "/\\evil.example"):
        assert client.get("/operator/login/", {"next": url})["Location"] == "/operator/"


def test_without_the_second_step_that_is_due_nobody_gets_in(client, settings):
    settings.SECOND_STEP_FOR_STAFF = True
    user = make_operator()
    User.objects.filter(pk=user.pk).update(second_step_due_at=timezone.now() - timedelta(minutes=1))
    client.force_login(user)
    prove(client)

    answer = client.get("/operator/", follow=True)
    assert answer.status_code == 403
    assert "Add a second step first" in answer.text
    app_of(user)
    assert client.get("/operator/").status_code == 200


def test_second_steps_are_not_changed_there(client):
    client.force_login(make_operator())
    prove(client)

    assert "Authenticator" not in client.get("/operator/").text
    assert client.get("/operator/mfa/authenticator/").status_code == 404


def test_who_moderates_is_changed_after_proof_alone(client):
    user, place = make_user("newmod"), make_subforum()
    client.force_login(make_user(is_staff=True))
    fields = {
        "section": place.section_id, "name": place.name, "slug": place.slug, "access": "open", "position": "1",
        "icon": "msg",
    }  # fmt: skip
    path = f"/staff/subforums/{place.slug}/"

    assert client.post(path, fields | {"name": "Renamed", "moderators": ""})["Location"] == "/staff/"
    asked = client.post(path, fields | {"moderators": "newmod"})
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert not place.moderators.exists()

    client.post(asked["Location"], {"password": PASSWORD, "next": path})
    assert list(place.moderators.all()) == [user]


def test_signing_in_just_now_is_proof(client):
    make_operator()
    sign_in(client, "kettle")

    assert client.get("/operator/").status_code == 200


@pytest.mark.parametrize("path", ["", "/", "account/", "staff", "../x", "a b", "Ö/", "static/x"])
def test_paths_that_cannot_be_are_refused(path, monkeypatch):
    monkeypatch.setenv("ADMIN_PATH", path)

    with pytest.raises(ImproperlyConfigured, match="ADMIN_PATH"):
        environment.own_path("ADMIN_PATH", "operator/")


def test_no_path_of_the_site_itself_is_taken(monkeypatch):
    own = {part for part in first_parts(get_resolver()) if re.fullmatch(r"[a-z0-9-]+", part)} - {"operator"}

    assert {"topics", "data", "find", "help"} <= own
    for part in sorted(own):
        monkeypatch.setenv("ADMIN_PATH", f"{part}/")
        with pytest.raises(ImproperlyConfigured, match="ADMIN_PATH"):
            environment.own_path("ADMIN_PATH", "operator/")


def test_another_path_is_taken_as_it_is_meant(monkeypatch):
    monkeypatch.setenv("ADMIN_PATH", "/back-office/2")

    assert environment.own_path("ADMIN_PATH", "operator/") == "back-office/2/"
