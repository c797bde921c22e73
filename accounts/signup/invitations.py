"""Invitations: links by which people make an account while sign-up is not open to all.

A link is signed and holds the number of its row, so it can be copied and sent again; the row says whether it stands.
"""

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Invitation, InvitedMember, User
from accounts.models.invitation import LIFETIME
from accounts.permissions import can_administer_invitations
from accounts.signup import account_mail

SALT = "accounts.invitation"  # part of links in letters, so it stays when modules are renamed
# Of members who do not administer: so many stand at once, each for one.
MOST_STANDING = 5
MOST_USES = 100


class CannotInvite(Exception):
    """The member has too many invitations that stand; the message says so."""


@transaction.atomic
def invite(user: User, *, note: str = "", address: str = "", most_uses: int = 1) -> Invitation:
    """Make an invitation, and ask for its letter if there is an address. Checks no permission. Raises CannotInvite."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that two requests at once do not pass the limit
    if not can_administer_invitations(user):
        most_uses = 1
        if Invitation.objects.standing().filter(made_by=user).count() >= MOST_STANDING:
            raise CannotInvite(f"{MOST_STANDING} invitations of yours stand already. Withdraw one, or wait.")
    now = timezone.now()
    made = Invitation.objects.create(
        made_by=user, made_at=now, ends_at=now + LIFETIME, note=note, address=address.lower(), most_uses=most_uses
    )
    if made.address:
        account_mail.ask(account_mail.INVITED, address=made.address)
    return made


def withdraw(user: User, invitation: Invitation) -> None:
    """Nobody signs up by it any more. Idempotent. Checks no permission."""
    now = timezone.now()
    standing = Invitation.objects.filter(pk=invitation.pk, withdrawn_at=None)
    standing.update(withdrawn_at=now, withdrawn_by=user, address="")


def use(key: str, user: User | None) -> bool:
    """Count a sign-up by an invitation, whose row is locked; whether it still stood."""
    found = of_key(key)
    row = Invitation.objects.select_for_update(no_key=True, of=("self",)).filter(pk=found.pk).first() if found else None
    if row is None or not row.is_standing:
        return False
    Invitation.objects.filter(pk=row.pk).update(uses_count=F("uses_count") + 1, address="")
    if user is not None:
        InvitedMember.objects.create(invitation=row, user=user)
    return True


def of_key(key: str) -> Invitation | None:
    """The invitation of a link, standing or not; None for what we have not signed."""
    try:
        pk = signing.loads(key, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("made_by").filter(pk=pk).first() if isinstance(pk, int) else None


def key_of(invitation: Invitation) -> str:
    """Signed with the time of now; the row ends earlier."""
    return signing.dumps(invitation.pk, salt=SALT)


def url_of(invitation: Invitation) -> str:
    """The link, as it stands in letters and is copied."""
    return f"{account_mail.sign_up_url()}?invitation={key_of(invitation)}"


def for_letter_to(address: str) -> Invitation | None:
    """The newest standing invitation for an address."""
    return Invitation.objects.standing().filter(address=address).order_by("-pk").first()


def forget_addresses() -> None:
    """Forget to whom invitations went that stand no more. Called nightly (config/worker/nightly.py)."""
    standing = Invitation.objects.standing().values("pk")
    Invitation.objects.exclude(address="").exclude(pk__in=standing).update(address="")
