"""A member's accounts of other sites: which, and taking one off without losing the last way in."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.signup import account_mail

CONNECTED = "socialaccount/email/account_connected"
DISCONNECTED = "socialaccount/email/account_disconnected"


class LastWayIn(Exception):
    """Without this account its member could not sign in any more."""


def sites_of(user: User) -> list[dict]:
    """The sites of the settings by id and name, each with the user's account there, if it is connected. One query;
    none if there are no sites."""
    if not settings.SOCIAL_SIGN_IN:
        return []
    accounts = {account.provider: account for account in accounts_of(user)}
    return [
        {"id": site["id"], "name": site["name"], "account": accounts.get(site["id"])}
        for site in settings.SOCIAL_SIGN_IN
    ]


def accounts_of(user: User) -> QuerySet[SocialAccount]:
    return SocialAccount.objects.filter(user=user, provider__in=[site["id"] for site in settings.SOCIAL_SIGN_IN])


@transaction.atomic
def disconnect(user: User, account_id: int) -> SocialAccount | None:
    """Take an account off, and tell its member by letter. Idempotent: None the second time. Raises LastWayIn."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that of two at once one stays
    account = SocialAccount.objects.filter(user=user, pk=account_id).first()
    if account is None:
        return None
    if not has_another_way(user, account):
        raise LastWayIn
    account.delete()
    account_mail.ask(DISCONNECTED, user=user)
    return account


def has_another_way(user: User, account: SocialAccount) -> bool:
    """Whether the member can sign in without it: by password, passkey, or another site."""
    return (
        user.has_usable_password()
        or Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
        or accounts_of(user).exclude(pk=account.pk).exists()
    )
