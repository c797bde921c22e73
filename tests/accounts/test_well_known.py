"""Addresses that programs know beforehand."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone


def fields_of(text):
    return dict(line.split(": ", 1) for line in text.splitlines())


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("", "https://borderpost.example/about/"),
        ("mailto:keeper@borderpost.example", "mailto:keeper@borderpost.example"),
    ],
)
def test_security_txt_says_whom_to_tell_and_for_how_long(client, settings, contact, told):
    settings.SITE_URL, settings.SECURITY_CONTACT = "https://borderpost.example", contact

    answer = client.get("/.well-known/security.txt")
    fields = fields_of(answer.text)

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == told
    assert fields["Canonical"] == "https://borderpost.example/.well-known/security.txt"
    ends = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=140) < ends - timezone.now() < timedelta(days=366)


def test_password_managers_find_where_to_change_a_password(client):
    answer = client.get("/.well-known/change-password")

    assert (answer.status_code, answer["Location"]) == (302, "/account/password/change/")
    assert client.post("/.well-known/change-password").status_code == 405
