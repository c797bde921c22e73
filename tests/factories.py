"""Members for tests: only what matters to the test is written in the test."""

from itertools import count

from accounts.models import User

_numbers = count(1)
PASSWORD = "a long enough sentence"


def make_user(**fields) -> User:
    """A member whose address is confirmed."""
    number = next(_numbers)
    username = fields.pop("username", f"rider{number}")
    email = fields.pop("email", f"{username}@example.org")
    user = User.objects.create_user(username, email, fields.pop("password", PASSWORD), **fields)
    user.confirm_email()
    return user
