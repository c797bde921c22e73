from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.signin import devices
from accounts.signup import account_mail


@transaction.atomic
def reset_second_step(member: User) -> bool:
    """Take all second steps off an account, end its sessions and private feeds, and tell its member by letter; whether
    there was any. Idempotent. Checks no permission."""
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not Authenticator.objects.filter(user=member).delete()[0]:
        return False
    User.objects.filter(pk=member.pk).update(sessions_ended_at=timezone.now())
    devices.forget_others(member)
    account_mail.ask(account_mail.SECOND_STEP_RESET, user=member)
    return True
