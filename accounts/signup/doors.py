"""Who may make an account: SIGNUP is open, invitation or closed (docs/settings.md)."""

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import can_invite
from accounts.signup import invitations


def is_open() -> bool:
    """Whether anybody may make an account, without an invitation."""
    return settings.SIGNUP == "open"


def may_sign_up(request: HttpRequest, key: str = "") -> bool:
    """Whether a visitor may, by the invitation in the address, in the form that they sent, or of this key, if one is
    needed."""
    if settings.SIGNUP != "invitation":
        return is_open()
    invitation = invitations.of_key(key_in(request) or key)
    return invitation is not None and invitation.is_standing and can_invite(invitation.made_by)


def key_in(request: HttpRequest) -> str:
    """The key of an invitation, as the form sends it, or as its link has it."""
    return (request.POST if request.method == "POST" else request.GET).get("invitation", "")


def go_through(request: HttpRequest, user: User | None) -> bool:
    """Use the invitation for a new member, or for nobody whose address has an account; whether it still stood.

    Within a transaction: of two who sign up at once by an invitation for one, one is refused.
    """
    return settings.SIGNUP != "invitation" or invitations.use(key_in(request), user)
