"""Staff pages of preset reasons: those of a subforum, and those of the whole forum."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from forum.models import Subforum
from forum.permissions import CannotBeDone, can_moderate
from moderation.forms.reasons import ReasonForm
from moderation.models import PresetReason
from moderation.permissions import can_edit_reasons, can_moderate_something
from moderation.reasons import actions, offered_reasons
from moderation.reasons.actions import ReasonChangedMeanwhile
from moderation.rules import rules_for


@login_required
def reasons(request, slug: str | None = None):
    """The reasons that acts in a subforum offer, and the form of a new one. Without a slug, those of the whole forum,
    which all moderators read."""
    subforum = _place(request.user, slug)
    may_edit = can_edit_reasons(request.user, subforum)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    if "own" in request.POST:
        actions.copy_inherited(request.user, subforum)
        return redirect(address_of(subforum))
    form = ReasonForm(request.POST or None, subforum=subforum)
    if request.method == "POST" and form.is_valid() and _add(request, subforum, form):
        return redirect(address_of(subforum))
    shown = _listed(subforum) | {
        "subforum": subforum,
        "form": form,
        "may_edit": may_edit,
        "places": [] if subforum else Subforum.objects.moderated_by(request.user),
        "nav": "queue",
    }
    return render(request, "moderation/reasons.html", shown, status=400 if request.method == "POST" else 200)


@login_required
def edit_reason(request, reason_id: int):
    """The form of one reason; saving over the change of somebody else needs a second press."""
    reason = _reason(request.user, reason_id)
    form = ReasonForm(request.POST or None, subforum=reason.subforum, reason=reason)
    if request.method == "POST" and form.is_valid() and _change(request, reason, form):
        return redirect(address_of(reason.subforum))
    shown = {"reason": reason, "form": form, "back": address_of(reason.subforum), "nav": "queue"}
    return render(request, "moderation/edit_reason.html", shown, status=400 if request.method == "POST" else 200)


@login_required
def remove_reason(request, reason_id: int):
    """Idempotent. A GET redirects to the list."""
    reason = _reason(request.user, reason_id)
    if request.method == "POST":
        actions.remove_reason(request.user, reason)
        messages.success(request, f"“{reason.label}” is removed.")
    return redirect(address_of(reason.subforum))


@login_required
def raise_reason(request, reason_id: int):
    """Move a reason one place up. A GET redirects to the list."""
    reason = _reason(request.user, reason_id)
    if request.method == "POST":
        actions.raise_reason(request.user, reason)
    return redirect(address_of(reason.subforum))


def address_of(subforum: Subforum | None) -> str:
    return reverse("moderation:reasons", args=[subforum.slug]) if subforum else reverse("moderation:forum-reasons")


def _place(user: User, slug: str | None) -> Subforum | None:
    """The subforum, if the user moderates it. Raises Http404 and PermissionDenied."""
    if slug is None:
        if not can_moderate_something(user):
            raise PermissionDenied
        return None
    subforum = get_object_or_404(Subforum.objects.visible_to(user), slug=slug)
    if not can_moderate(user, subforum):
        raise PermissionDenied
    return subforum


def _reason(user: User, reason_id: int) -> PresetReason:
    """A reason that the user may edit. Raises Http404 and PermissionDenied."""
    if not can_moderate_something(user):
        raise PermissionDenied
    readable = Q(subforum=None) | Q(subforum__in=Subforum.objects.visible_to(user).values("pk"))
    reason = get_object_or_404(PresetReason.objects.filter(readable).select_related("subforum"), pk=reason_id)
    if not can_edit_reasons(user, reason.subforum):
        raise PermissionDenied
    return reason


def _listed(subforum: Subforum | None) -> dict:
    """The place's own reasons as rows, or those that it inherits as choices; with the rule that each names now."""
    rules = rules_for(subforum)
    place = subforum.pk if subforum else None
    stored_here = list(PresetReason.objects.filter(Q(subforum=place) | Q(subforum=None)))
    own = [row for row in stored_here if row.subforum_id == place]
    offered = offered_reasons.of_rows(place, stored_here, rules)
    labels = {rule.value: rule.label for rule in rules}
    stored: list[PresetReason | None] = [*own] or [None] * len(offered)
    rows = [
        {"preset": preset, "row": row, "rule": labels.get(preset.rule, ""), "cause": _cause(preset.cause)}
        for preset, row in zip(offered, stored, strict=True)
    ]
    return {"rows": rows, "is_own": bool(own), "is_ready_made": not stored_here}


def _cause(value: str) -> str:
    return PresetReason.Cause(value).label if value else ""


def _add(request, subforum: Subforum | None, form: ReasonForm) -> bool:
    try:
        actions.add_reason(request.user, subforum, **form.values)
    except CannotBeDone as error:
        form.add_error("label", str(error))
        return False
    messages.success(request, "Reason added.")
    return True


def _change(request, reason: PresetReason, form: ReasonForm) -> bool:
    try:
        changed = actions.change_reason(request.user, reason, based_on=form.version_seen, **form.values)
    except CannotBeDone as error:
        form.add_error("label", str(error))
        return False
    except ReasonChangedMeanwhile as error:
        typed = request.POST.copy()
        typed["based_on"] = str(error.reason.version)  # so that it may be saved over the other's
        form.data = typed
        form.add_error("text", f"It was changed since, and says now: “{error.reason.text}” Save again to replace that.")
        return False
    if changed is None:
        form.add_error(None, "Somebody removed it since. Copy your text, and add it again in the list.")
        return False
    messages.success(request, "Reason saved.")
    return True
