from allauth.account.signals import email_changed, email_confirmed
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User


@receiver(email_confirmed)
def note_confirmation(request: HttpRequest, email_address, **kwargs: object) -> None:
    User.objects.filter(pk=email_address.user_id).update(email_confirmed_at=timezone.now())


@receiver(email_changed)
def keep_this_session(request: HttpRequest, user: User, **kwargs: object) -> None:
    """A new e-mail address ends all sessions (User.get_session_auth_hash) but the one that confirmed it."""
    if request.user == user:
        update_session_auth_hash(request, user)
