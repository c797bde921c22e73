"""Moderators and administrators need a second step: a week's grace, then their rights rest."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.readers import as_reader
from forum.models.subforum import readers_of
from moderation.filters.trust import of_age
from tests.accounts.signin.steps import app_of
from tests.factories import make_user
from tests.forum.factories import make_subforum
from tests.moderation.factories import make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def compulsory(settings):
    settings.SECOND_STEP_FOR_STAFF = True


def past_due(*users):
    User.objects.filter(pk__in=[user.pk for user in users]).update(
        second_step_due_at=timezone.now() - timedelta(minutes=1)
    )
    return [User.objects.get(pk=user.pk) for user in users]


def test_the_week_begins_with_the_first_rank_and_ends_with_the_last():
    member, one, two = make_user(), make_subforum(), make_subforum()

    def due():
        return User.objects.get(pk=member.pk).second_step_due_at

    assert due() is None
    one.moderators.add(member)
    begun = due()
    assert timedelta(days=6, hours=23) < begun - timezone.now() <= timedelta(days=7)
    two.moderators.add(member)
    User.objects.filter(pk=member.pk).update(is_staff=True)
    member.is_staff = True
    member.save()  # with a date that is older than the rank
    assert due() == begun
    User.objects.filter(pk=member.pk).update(is_staff=False)
    one.moderators.remove(member)
    assert due() == begun
    two.moderators.clear()
    assert due() is None


def test_a11_after_the_week_no_rights_are_left_until_there_is_a_second_step(client):
    place = make_subforum()
    moderator, admin = past_due(make_moderator(place), make_user(is_staff=True, is_superuser=True))

    for user, paths in ((moderator, ["/moderation/"]), (admin, ["/moderation/", "/staff/", "/staff/doctor/"])):
        client.force_login(user)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 403
            assert "Your rights as moderator or administrator rest" in answer.text
            assert "/settings/signing-in/" in answer.text
        assert client.get("/operator/").status_code in {302, 403}
        assert client.get("/operator/", follow=True).status_code == 403

    app_of(moderator)
    client.force_login(moderator)
    page = client.get("/moderation/")
    assert page.status_code == 200
    assert "rest" not in page.text.split('role="note"')[-1][:200] or 'role="note"' not in page.text


def test_reader_and_its_counterpart_in_sql_agree():
    place = make_subforum(access="staff")
    late_moderator, late_admin = past_due(make_moderator(place), make_user(is_staff=True))
    with_step = make_moderator(place)
    app_of(with_step)
    (with_step,) = past_due(with_step)
    in_grace = make_moderator(place)

    everybody = [late_moderator, late_admin, with_step, in_grace]
    readers = {user.pk for user in everybody if as_reader(user).is_moderator_of(place.pk)}

    assert readers == {with_step.pk, in_grace.pk}
    assert set(User.objects.filter(readers_of(place)).values_list("pk", flat=True)) == readers
    assert late_admin.pk not in set(User.objects.filter(of_age()).values_list("pk", flat=True))
    for user in everybody:
        assert as_reader(user).can_write


def test_recovery_codes_alone_are_no_second_step():
    (moderator,) = past_due(make_moderator(make_subforum()))
    Authenticator.objects.create(user=moderator, type="recovery_codes", data={"seed": "x", "used_mask": 0})

    assert User.objects.get(pk=moderator.pk).lacks_second_step


def test_where_it_is_not_compulsory_nothing_rests(client, settings):
    settings.SECOND_STEP_FOR_STAFF = False
    (moderator,) = past_due(make_moderator(make_subforum()))
    client.force_login(moderator)

    page = client.get("/moderation/")

    assert page.status_code == 200
    assert "second step" not in page.text


def test_in_the_week_every_page_says_the_day(client):
    moderator = make_moderator(make_subforum())
    client.force_login(moderator)
    due = User.objects.get(pk=moderator.pk).second_step_due_at

    for path in ("/", "/settings/", "/moderation/"):
        assert f"Add a second step to signing in by {due.day} {due:%B}." in client.get(path).text
    member = Client()
    member.force_login(make_user())
    assert "Add a second step to signing in by" not in member.get("/").text


def test_a5_rights_rest_from_the_next_request_on(client):
    moderator = make_moderator(make_subforum())
    client.force_login(moderator)
    assert client.get("/moderation/").status_code == 200

    past_due(moderator)

    assert client.get("/moderation/").status_code == 403


def test_taking_the_second_step_off_after_the_week_ends_the_rights(client):
    moderator = make_moderator(make_subforum())
    app_of(moderator)
    past_due(moderator)
    client.force_login(moderator)
    assert client.get("/moderation/").status_code == 200

    Authenticator.objects.filter(user=moderator).delete()

    assert client.get("/moderation/").status_code == 403
