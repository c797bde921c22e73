"""Changing who may read and write a subforum."""

from django.db import transaction

from forum.counters import increments, locks
from forum.models import Subforum
from forum.signals import access_changed
from forum.tasks import AT_ONCE, render_quoting_subforum
from pagecache.tasks import soon


@transaction.atomic
def change_access(subforum: Subforum, access: str) -> None:
    """Change who may read and write a subforum, and members' counters with it. Checks no permission."""
    increments.end_kept_pages(Subforum.objects.filter(pk=subforum.pk))
    subforum = locks.lock_subforum(subforum.pk)
    was_readable = subforum.is_readable_by_all
    subforum.access = access
    if subforum.is_readable_by_all != was_readable:
        increments.count_changed_access(subforum, +1 if subforum.is_readable_by_all else -1)
        soon(render_quoting_subforum, subforum.pk, AT_ONCE)
        access_changed.send(Subforum, subforum=subforum)
    # Last, because the trigger locks the row of the site's version, which comes after members in the order of locks.
    Subforum.objects.filter(pk=subforum.pk).update(access=access)
