"""Whether the time of an answer tells who has an account: signing up and in, a new password, a code, another address.

`./run bench --accounts`: medians of the time in ms of known and of unknown addresses, asked in turns, with the hashing
of production and letters that go nowhere; on the copy of the data, which is thrown away afterwards.
"""

import statistics
import time
from collections.abc import Callable
from itertools import count

from django.conf import settings
from django.core import signing
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from accounts.signup import honeypot
from config.devserver.launcher import say

SAMPLES = 30
PASSWORD = "slow train to osh again"  # noqa: S105 (of accounts that are thrown away)
MEMBER = "known@example.org"
_numbers = count(1)
Ask = Callable[[Client, str], object]


def report(samples: int = SAMPLES) -> None:
    say(f"\n{'Medians in ms':24}  known  unknown  apart")
    for name, known, unknown in measure(samples):
        say(f"{name:24} {known:6.0f} {unknown:8.0f} {abs(known - unknown):6.0f}")


def measure(samples: int = SAMPLES) -> list[tuple[str, float, float]]:
    """The name of each form, and its median in ms for known and for unknown addresses."""
    _member("known_rider", MEMBER)
    quiet = {
        "MAILERS": {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}},
        "RATE_LIMITS": dict.fromkeys(settings.RATE_LIMITS, "999999/1h"),
        "ACCOUNT_RATE_LIMITS": False,
        "SECURE_SSL_REDIRECT": False,
        "ALLOWED_HOSTS": ["testserver"],  # the host of the test client
        "ACCOUNT_LOGIN_BY_CODE_ENABLED": True,
    }
    with override_settings(**quiet):
        return [(name, *_medians(ask, samples)) for name, ask in FORMS.items()]


def _medians(ask: Ask, samples: int) -> tuple[float, float]:
    client, other = Client(), _member(f"asker_{next(_numbers)}r", f"asker{next(_numbers)}@example.org")
    client.force_login(other)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600}]
    session.save()
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * samples + 2):  # the first two warm up
        is_known = number % 2 == 0
        began = time.perf_counter()
        ask(client, MEMBER if is_known else f"nobody{next(_numbers)}@example.org")
        times[is_known].append((time.perf_counter() - began) * 1000)
    return statistics.median(times[True][1:]), statistics.median(times[False][1:])


def _member(name: str, email: str) -> User:
    return User.objects.create_user(name, email, PASSWORD, email_confirmed_at=timezone.now())


def _sign_up(client: Client, email: str) -> None:
    began = signing.dumps(time.time() - 60, salt=honeypot.SALT)
    fields = {"email": email, "username": f"rider_{next(_numbers)}x", "password1": PASSWORD, "began": began}
    _expect(Client().post("/account/signup/", fields), 302)


def _sign_in(client: Client, email: str) -> None:
    _expect(Client().post("/account/login/", {"login": email, "password": "wrong"}), 200)


def _reset(client: Client, email: str) -> None:
    _expect(Client().post("/account/password/reset/", {"email": email}), 302)


def _ask_for_code(client: Client, email: str) -> None:
    _expect(Client().post("/account/login/code/", {"email": email}), 302)


def _change_address(client: Client, email: str) -> None:
    _expect(client.post("/account/email/", {"email": email, "action_add": ""}), 302)


def _expect(answer, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request['PATH_INFO']} answered {answer.status_code} instead of {status}.")


FORMS: dict[str, Ask] = {
    "Sign-up": _sign_up,
    "Sign-in": _sign_in,
    "Reset of the password": _reset,
    "Code by letter": _ask_for_code,
    "Change of the address": _change_address,
}
