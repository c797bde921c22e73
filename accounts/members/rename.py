from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import FormerName, User
from accounts.signals import member_renamed
from accounts.text import names


def rename(user: User, name: str, *, by: User | None = None) -> None:
    """Change a member's username; the former one leads to them, and is free for nobody else within a year.

    `by` an administrator at any time; by the member after the waiting time. Idempotent. Raises ValidationError with a
    message for the user. Checks no permission.
    """
    try:
        _rename(user, names.normalise(name), by)
    except IntegrityError as error:  # somebody signed up with it, or took it, at the same time
        raise ValidationError(names.TAKEN) from error


@transaction.atomic
def _rename(user: User, name: str, by: User | None) -> None:
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if name == user.username:
        return
    if by is not None and by.pk == user.pk and (until := may_rename_from(user)):
        raise ValidationError(f"You can change your name again from {date_format(until, 'j F Y')} on.")
    if problem := names.problem_with(name):
        raise ValidationError(problem)
    if is_taken(name, but_by=user):
        raise ValidationError(names.TAKEN)
    former = FormerName(user=user, username=user.username, username_skeleton=user.username_skeleton, by=by)
    former.save()
    user.username = name
    user.save(update_fields=["username", "username_skeleton"])
    member_renamed.send(User, user=user, former=former.username, by=by)


def is_taken(name: str, *, but_by: User | None = None) -> bool:
    """Whether another member has a name that looks like this one, or had it within a year."""
    skeleton, pk = names.skeleton(name), but_by.pk if but_by else None
    others = User.objects.filter(username_skeleton=skeleton).exclude(pk=pk)
    given_up = FormerName.objects.kept_free().filter(username_skeleton=skeleton).exclude(user=pk)
    return others.exists() or given_up.exists()


def may_rename_from(user: User) -> datetime | None:
    """From when on a member may change their own name again; None: now, as administrators always may. What an
    administrator changed does not count."""
    if user.is_staff:
        return None
    last = FormerName.objects.filter(user=user, by=user).latest_first().first()
    until = last.given_up_at + timedelta(days=settings.NAME_CHANGE_DAYS) if last else None
    return until if until and until > timezone.now() else None
