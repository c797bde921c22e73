"""Removing a subforum: its topics move to another one in short transactions, then it goes itself.

`Subforum.leaves_for` is committed first, with a task. From then on no member writes in it, and a removal that was
broken off goes on where it was (forum/sections/removal_steps.py). An empty one without a target goes at once.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.actions.subforums import is_needed
from forum.models import Subforum
from forum.permissions import CannotBeDone, NotAllowed, can_administer
from forum.sections import removal_steps
from forum.sections.tasks import go_on_removing


@transaction.atomic
def begin(user: User, subforum: Subforum, target: Subforum | None) -> None:
    """Lock the subforum and note where its topics go. Idempotent. Raises NotAllowed, CannotBeDone.

    Without topics it needs no target, and old addresses lead nowhere then.
    """
    if not can_administer(user):
        raise NotAllowed
    # Without a target FOR UPDATE: a topic that another transaction opens here now is waited for, and then seen.
    rows = Subforum.objects.select_for_update(no_key=target is not None).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[subforum.pk, target.pk if target else 0])}
    if subforum.pk not in found:
        raise CannotBeDone("It was removed already.")
    subforum = found[subforum.pk]
    if is_needed(subforum):
        raise CannotBeDone("Pages of crossings lead here (QUESTIONS_SUBFORUM, REPORTS_SUBFORUM). Name another first.")
    if subforum.removed_by_id is not None and subforum.leaves_for_id != (target and target.pk):
        raise CannotBeDone("Its topics are on their way to another subforum already.")
    if target is None and subforum.topics.exists():
        raise CannotBeDone("It has topics. Choose where they go.")
    if target is not None and (target.pk == subforum.pk or target.pk not in found):
        raise CannotBeDone("Choose another subforum that is still there.")
    if target is not None and found[target.pk].removed_by_id is not None:
        raise CannotBeDone("That subforum is being removed itself. Choose another.")
    if Subforum.objects.filter(leaves_for=subforum).exists():
        raise CannotBeDone("Topics of another subforum are on their way here. Wait until they have arrived.")
    locked_at = subforum.locked_at or timezone.now()
    Subforum.objects.filter(pk=subforum.pk).update(locked_at=locked_at, leaves_for=target, removed_by=user)
    if target is None:
        removal_steps.finish(subforum.pk)
    else:
        go_on_removing.enqueue(subforum.pk)
