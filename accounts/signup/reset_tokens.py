from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """Tokens of links that set a new password: dead after a change of password or address, a sign-in, and as soon as
    sessions are ended, such as when a second step is removed."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return super()._make_hash_value(user, timestamp) + user.get_session_auth_hash()
