"""What a moderator has just done: told on the page where it was done, with its undo, until that page is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import undo
from moderation.forms.acts import MOST_TICKED
from moderation.log import wording
from moderation.log.concerned_members import TAKES_ALONG
from moderation.log.visible_titles import forget_unreadable
from moderation.models import ModerationEntry
from moderation.models.entry import OF_FILTERS
from moderation.permissions import can_undo


@dataclass
class Done:
    """The entries of one act, one or many, and where its undo leads."""

    entries: list[ModerationEntry]
    may_undo: bool
    back: str
    # Whether letters about it still wait.
    is_told_later: bool = False

    @property
    def minutes(self) -> int:
        return max(round(settings.MODERATION_LETTER_DELAY / 60), 1)

    @property
    def numbers(self) -> str:
        return numbers_of(self.entries)

    @property
    def text(self) -> str:
        return wording.summary(self.entries)


def address(path: str, entries: Iterable[ModerationEntry], anchor: str = "") -> str:
    """The page with these entries as what was just done there."""
    joined = "&" if "?" in path else "?"
    return f"{path}{joined}done={numbers_of(entries)}{anchor}"


def numbers_of(entries: Iterable[ModerationEntry]) -> str:
    return "-".join(str(entry.pk) for entry in entries)


def done_of(request) -> Done | None:
    """The user's own acts that `?done=` of the request names; None if there are none, or all were undone since."""
    found = _entries(request.user, request.GET.get("done", ""))
    standing = [entry for entry in found if wording.is_standing(entry)]
    if not standing:
        return None
    forget_unreadable(request.user, standing)
    is_new = standing[-1].at + timedelta(seconds=settings.MODERATION_LETTER_DELAY) > timezone.now()
    is_told_later = is_new and standing[0].verb not in OF_FILTERS
    return Done(
        standing, all(may_undo(request.user, entry) for entry in standing), _back(request, standing[0]), is_told_later
    )


@login_required
@require_POST
def undo_acts(request):
    """Undo all entries of an act, or none, and go back to where it was done."""
    acts = _entries(request.user, request.POST.get("done", ""))
    if not acts:
        raise Http404
    if not all(can_undo(request.user, entry) for entry in acts):
        raise PermissionDenied
    try:
        undone = undo.undo_all(request.user, acts)
    except NotAllowed as error:
        raise PermissionDenied from error
    except CannotBeDone as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Taken back." if undone else "That was taken back already.")
    back = request.POST.get("next", "")
    return redirect(back if back.startswith("/moderation/") else "moderation:queue")


def _entries(user: User, named: str) -> list[ModerationEntry]:
    numbers = [number for number in named.split("-") if number.isascii() and number.isdecimal() and len(number) < 19]
    entries = ModerationEntry.objects.filter(by=user, pk__in=numbers[:MOST_TICKED])
    joined = ("member", "topic", "words", "undoes__member", "undoes__topic", "undone_by")
    return list(entries.select_related(*joined).order_by("pk")) if numbers else []


def may_undo(user: User, entry: ModerationEntry) -> bool:
    """Whether an act can be undone by this user. Uses the entry's `undone_by` and `words`."""
    if not wording.is_standing(entry):
        return False
    return undo.can_be_undone(entry) and entry.words.erased_at is None and can_undo(user, entry)


def _back(request, entry: ModerationEntry) -> str:
    """The page itself; after posts have moved, the topic from which they came."""
    if entry.verb in TAKES_ALONG and entry.topic_id:
        return reverse("moderation:topic", args=[entry.topic_id])
    return request.path
