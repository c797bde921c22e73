"""What mail services report by webhook, in Postmark's words, through django-anymail's own view."""

import base64
import json
from importlib import reload

import pytest
from django.urls import clear_url_caches

import config.urls
from notifications.letters import bounces
from notifications.models import Bounce, Frequency
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PATH = "/letters/webhooks/postmark/tracking/"
SECRET = "post:a long password"


@pytest.fixture
def webhooks(settings):
    """The addresses of reports are there if there is a secret; both are read as the process starts."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    reload(config.urls)
    clear_url_caches()
    yield
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    reload(config.urls)
    clear_url_caches()


def report(client, address, number=1, secret=SECRET, **facts):
    event = {"MessageID": "883953f4", "ID": number, "BouncedAt": "2026-11-20T10:00:00Z"}
    event |= {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "Email": address,
        "Description": "No such\r\nmailbox",
    } | facts
    login = base64.b64encode(secret.encode()).decode()
    return client.post(PATH, json.dumps(event), "application/json", headers={"Authorization": f"Basic {login}"})


def test_without_a_secret_there_is_no_such_address(client):
    assert report(client, make_user().email).status_code == 404


def test_a_bounce_counts_once_for_the_member_with_the_address(client, webhooks):
    member, other = make_user(email="rider@example.org"), make_user()

    for _ in range(2):
        assert report(client, "Rider@example.org").status_code == 200
    assert bounces.weights([member.pk, other.pk]) == {member.pk: 2}
    assert Bounce.objects.get().words == "No such mailbox"

    report(client, "rider@example.org", number=2)
    assert bounces.is_stopped(member)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"Type": "HardBounce"}, Bounce.Kind.HARD),
        ({"Type": "BadEmailAddress"}, Bounce.Kind.HARD),
        ({"Type": "Blocked"}, Bounce.Kind.SOFT),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, Bounce.Kind.COMPLAINT),
        ({"Type": "Transient"}, None),
        ({"RecordType": "Delivery", "DeliveredAt": "2026-11-20T10:00:00Z", "Recipient": "rider@example.org"}, None),
        ({"Email": "nobody@example.org"}, None),
    ],
)
def test_what_a_report_means(client, webhooks, facts, kind):
    make_user(email="rider@example.org")

    assert report(client, **{"address": "rider@example.org"} | facts).status_code == 200

    assert list(Bounce.objects.values_list("kind", flat=True)) == ([kind.value] if kind else [])


def test_a_complaint_stops_letters(client, webhooks):
    member = make_user(email="rider@example.org")

    report(client, "rider@example.org", RecordType="SpamComplaint", Type="SpamComplaint")

    assert set(member.subscriptions.values_list("frequency", flat=True)) == {Frequency.NEVER}


@pytest.mark.parametrize("secret", ["post:another", ":", "post:"])
def test_whoever_does_not_know_the_secret_reports_nothing(client, webhooks, secret):
    make_user(email="rider@example.org")

    assert report(client, "rider@example.org", secret=secret).status_code == 400
    assert not Bounce.objects.exists()
