"""What we write down when allauth tells of an account."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User


@receiver(email_confirmed)
def remember_confirmation(email_address: EmailAddress, **kwargs: Any) -> None:
    User.objects.filter(pk=email_address.user_id).update(email_confirmed_at=timezone.now())
