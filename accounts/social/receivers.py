"""What follows when accounts of other sites are connected and taken off."""

from typing import Any

from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.logs import security_log


@receiver(social_account_added)
def note_connection(request: HttpRequest, sociallogin: Any, **more: Any) -> None:
    account = sociallogin.account
    security_log.note("social-account-connected", request, of=account.user_id, site=account.provider)


@receiver(social_account_removed)
def note_end_of_connection(request: HttpRequest, socialaccount: Any, **more: Any) -> None:
    security_log.note("social-account-removed", request, of=socialaccount.user_id, site=socialaccount.provider)
