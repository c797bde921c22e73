from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.signals import member_renamed
from accounts.text import names


@transaction.atomic
def rename(user: User, name: str) -> None:
    """Change a member's username. Idempotent. Raises ValidationError with a message for the user."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    name = names.normalise(name)
    if name == user.username:
        return
    if problem := names.problem_with(name):
        raise ValidationError(problem)
    if User.objects.filter(username_skeleton=names.skeleton(name)).exclude(pk=user.pk).exists():
        raise ValidationError("This name is taken, or looks like one that is. Choose another.")
    user.username = name
    user.save(update_fields=["username", "username_skeleton"])
    member_renamed.send(User, user=user)
