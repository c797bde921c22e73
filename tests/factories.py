"""What tests need to begin with: only what matters to a test is written in it."""

from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import User

PASSWORD = "slow train to osh"
_numbers = count(1)


def make_user(username: str = "", **fields: Any) -> User:
    """A member whose address is confirmed."""
    username = username or f"rider{next(_numbers)}"
    fields = {
        "email": f"{username}@example.org",
        "password": PASSWORD,
        "email_confirmed_at": timezone.now(),
    } | fields
    return User.objects.create_user(username, **fields)
