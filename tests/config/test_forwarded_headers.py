"""What a client says of itself is dropped; what our proxy says of it is believed."""

import pytest
from django.test import RequestFactory

from accounts.limits.rate_limits import client_address
from config.devserver.processes import web_command
from config.environment import networks
from config.middleware import forwarded_headers

SAID = {
    "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "x-forwarded-host": "evil.example",
    "x-real-ip": "203.0.113.9", "forwarded": "for=203.0.113.9",
}  # fmt: skip


def through(address):
    """The request as views get it."""
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers=SAID)
    forwarded_headers(lambda request: None)(request)
    return request


@pytest.fixture
def behind_https(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("proxies", "address", "is_believed"),
    [
        (0, "127.0.0.1", False),
        (0, "10.0.0.2", False),
        (1, "127.0.0.1", True),
        (1, "172.18.0.5", True),
        (1, "::ffff:10.1.2.3", True),
        (1, "fd00::2", True),
        (1, "", True),
        (1, "198.51.100.4", False),
        (1, "2001:db8::1", False),
        (1, "rubbish", False),
    ],
)
def test_only_our_proxies_are_believed(settings, behind_https, proxies, address, is_believed):
    settings.TRUSTED_PROXIES = proxies

    request = through(address)

    assert request.is_secure() is is_believed
    assert (client_address(request) == "203.0.113.9") is is_believed
    assert ("HTTP_X_REAL_IP" in request.META) is is_believed


def test_a_proxy_elsewhere_is_named(settings, behind_https):
    settings.TRUSTED_PROXIES, settings.PROXY_ADDRESSES = 1, networks("PROXY_ADDRESSES", "198.51.100.0/24")

    assert through("198.51.100.4").is_secure()
    assert not through("127.0.0.1").is_secure()


def test_it_is_the_outermost_middleware(settings):
    assert settings.MIDDLEWARE[0] == "config.middleware.forwarded_headers"


def test_gunicorn_believes_nobody():
    command = [str(word) for word in web_command("config.wsgi", 8000)]
    with open("docker/web.sh") as script:
        told = script.read()

    assert command[command.index("--forwarded-allow-ips") + 1] == ""
    assert '--forwarded-allow-ips ""' in told
