from typing import Any

from django.conf import settings

from accounts.models import Invitation, User
from accounts.trust_levels import allowed


def can_show_links(user: User) -> bool:
    """Newcomers' links are not shown on their profile and under their posts (accounts/trust_levels.py)."""
    return allowed(user).can_show_links


def can_ignore(user: Any, member: User) -> bool:
    """Members ignore each other, but no administrator: somebody must be able to reach everybody."""
    return user.is_authenticated and user.pk != member.pk and not member.is_staff


def can_invite(user: Any) -> bool:
    """Administrators always; members of standing from the trust that INVITATIONS_FROM names."""
    if not user.is_authenticated or not user.can_write:
        return False
    least = {"member": User.Trust.MEMBER, "trusted": User.Trust.TRUSTED}.get(settings.INVITATIONS_FROM)
    return can_administer_invitations(user) or (least is not None and user.trust >= least)


def can_administer_invitations(user: Any) -> bool:
    """Those of everybody, and for many people at once: administrators, unless a second step of theirs is due."""
    return user.is_authenticated and user.is_staff and user.can_write and not user.lacks_second_step


def can_withdraw_invitation(user: Any, invitation: Invitation) -> bool:
    """Who made it, and administrators."""
    is_own = user.is_authenticated and user.can_write and user.pk == invitation.made_by_id
    return is_own or can_administer_invitations(user)
