"""Secret addresses end when the member changes the password or the e-mail address."""

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from django.dispatch import receiver

from accounts.models import User
from notifications.feeds import secret_addresses


@receiver([email_changed, password_changed, password_reset, password_set])
def end_secret_addresses(user: User, **kwargs: object) -> None:
    secret_addresses.end_all(user)
