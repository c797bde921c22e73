"""Taking an address back: for a week after a change, by the link in the letter to the former one.

It needs nothing but that link, so that a member gets the account back from somebody who changed address and password.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import FormerAddress, User
from accounts.models.former import TAKEN_BACK_FOR
from accounts.models.user import UserQuerySet
from accounts.signin import devices
from accounts.signup import account_mail

SALT = "accounts.take-back"  # part of links in letters, so it stays when modules are renamed
_NEVER_USED = Q(email_confirmed_at=None, last_login=None)


@dataclass
class TakenElsewhere(Exception):
    """Another account has the address by now."""


def note(user: User, email: str) -> None:
    """Keep the former address of an account, in the transaction of the change."""
    FormerAddress.objects.create(user=user, email=email.lower())


def key_of(former: FormerAddress) -> str:
    return signing.dumps(former.pk, salt=SALT)


def of_key(key: str) -> FormerAddress | None:
    """The former address of a link; None if the link was used, is too old or was never ours."""
    try:
        pk = signing.loads(key, salt=SALT, max_age=TAKEN_BACK_FOR)
    except signing.BadSignature:
        return None
    if not isinstance(pk, int):
        return None
    return FormerAddress.objects.standing().filter(pk=pk, user__is_active=True).select_related("user").first()


def for_letter(user: User, email: str) -> FormerAddress | None:
    """What the letter to a former address takes back."""
    return FormerAddress.objects.standing().filter(user=user, email=email).order_by("-pk").first()


@transaction.atomic
def take_back(former: FormerAddress, kept_session: str | None = None) -> User | None:
    """Give an account its former address again, with neither password nor sessions, and ask for the letter that sets a
    new password. None if that was done already. Raises TakenElsewhere.

    Second steps and accounts of other sites that came since a week before the change, and addresses and changes of it
    that came since, go, too. The row of the session with the key `kept_session`, dead as all others, stays for the
    request that saves it.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=former.user_id)
    if not FormerAddress.objects.filter(pk=former.pk).exists():  # the second press of two at once
        return None
    if _has_another_account(user, former.email):
        raise TakenElsewhere
    _forget_claims(user, former.email)
    intruder = user.email
    user.email, user.sessions_ended_at = former.email, timezone.now()
    user.set_unusable_password()
    user.save(update_fields=["email", "sessions_ended_at", "password"])
    user.emailaddress_set.all().delete()
    user.emailaddress_set.create(email=former.email, verified=True, primary=True)
    _forget_ways_in(user, former)
    devices.forget_others(user, kept_session)
    user.former_addresses.filter(replaced_at__gte=former.replaced_at).delete()
    account_mail.ask(account_mail.RESET, user=user)
    account_mail.ask(account_mail.TAKEN_BACK, user=user, address=intruder)
    return user


def _has_another_account(user: User, email: str) -> bool:
    others = _others_with(user, email).exclude(_NEVER_USED)
    confirmed = EmailAddress.objects.filter(email=email, verified=True).exclude(user=user)
    return others.exists() or confirmed.exists()


def _forget_claims(user: User, email: str) -> None:
    """Delete accounts that somebody made with the address and never confirmed: otherwise a thief would keep it so.

    Their addresses are locked first, as by a confirmation at the same time (accounts/views/confirm_address.py).
    """
    claims = _others_with(user, email).filter(_NEVER_USED)
    list(EmailAddress.objects.select_for_update(of=("self",)).filter(user__in=claims.values("pk")))
    claims.delete()


def _others_with(user: User, email: str) -> UserQuerySet:
    return User.objects.exclude(pk=user.pk).filter(email__iexact=email)


def _forget_ways_in(user: User, former: FormerAddress) -> None:
    """Second steps and accounts of other sites that were added since the change or within a week before it: a thief who
    changed the address may have added theirs first, and it would keep the member out, or let the thief in."""
    since = former.replaced_at - TAKEN_BACK_FOR
    Authenticator.objects.filter(user=user, created_at__gte=since).delete()
    SocialAccount.objects.filter(user=user, date_joined__gte=since).delete()


def forget_old() -> int:
    """Delete former addresses that can be taken back no more; returns how many. Called nightly."""
    return FormerAddress.objects.filter(replaced_at__lte=timezone.now() - TAKEN_BACK_FOR).delete()[0]
