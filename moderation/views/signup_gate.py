"""The gate of sign-up, for administrators: block lists, and the question."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.limits.rate_limits import client_address
from accounts.logs import security_log
from accounts.models import SignUpBlock
from forum.pages import wrong_filters
from forum.permissions import CannotBeDone, NotAllowed
from moderation.filters import gate
from moderation.filters.pasted import Pasted
from moderation.forms.gate_forms import BlockForm, QuestionForm
from moderation.models import ModerationEntry
from moderation.permissions import can_keep_gate
from moderation.views import done

SHOWN = 100
KINDS = set(SignUpBlock.Kind.values)


@login_required
def blocks(request):
    """The block lists, the newest first, with a form for one entry or a pasted list."""
    _require_administrator(request)
    form = BlockForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "done": done.done_of(request), "nav": "queue"}
    if form.is_bound and form.is_valid():
        context["pasted"] = result = _block(request, form)
        if not form.errors:
            kept = {name: form.data.get(name, "") for name in ("kind", "days", "reason")}
            context["form"] = BlockForm(initial=kept | {"lines": result.left})
    context |= _listed(request)
    return render(request, "moderation/signup_blocks.html", context, status=400 if form.errors else 200)


@login_required
def end_block(request, block_id: int):
    """End a block. A GET redirects to the lists. Idempotent."""
    _require_block(request, block_id)
    entry = gate.end(request.user, block_id) if request.method == "POST" else None
    return _back(request, entry)


@login_required
def remove_block(request, block_id: int):
    """Delete a block, after a confirmation: it cannot be undone."""
    found = _require_block(request, block_id)
    if request.method != "POST":
        return render(request, "moderation/remove_block.html", {"block": found, "nav": "queue"})
    entry = gate.remove(request.user, block_id)
    if entry:
        security_log.note("sign-up-gate-changed", request, entry=entry.pk)
    messages.success(request, "The block is removed.")
    return redirect("moderation:signup-blocks")


@login_required
def question(request):
    """The question that new members answer."""
    _require_administrator(request)
    with transaction.atomic():
        now = gate.current_question()
    initial = {"question": now["question"], "answers": "\n".join(now["answers"])}
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            entry = gate.set_question(request.user, **form.cleaned_data)
        except CannotBeDone as problem:
            form.add_error("answers", str(problem))
        except NotAllowed as error:
            raise PermissionDenied from error
        else:
            return _back(request, entry, "moderation:signup-question", "Nothing was changed.")
    context = {"form": form, "is_asked": bool(now["question"]), "done": done.done_of(request), "nav": "queue"}
    return render(request, "moderation/signup_question.html", context, status=400 if form.errors else 200)


def _block(request, form: BlockForm) -> Pasted:
    try:
        result = gate.block(request.user, address=client_address(request), **form.cleaned_data)
    except CannotBeDone as problem:
        form.add_error(None, str(problem))
        return Pasted()
    except NotAllowed as error:
        raise PermissionDenied from error
    if result.entry:
        security_log.note("sign-up-gate-changed", request, entry=result.entry.pk)
    return result


def _back(request, entry: ModerationEntry | None, route: str = "moderation:signup-blocks", otherwise: str = ""):
    """Back to the page, which shows the act with its undo."""
    if entry is None:
        if otherwise:
            messages.info(request, otherwise)
        return redirect(route)
    security_log.note("sign-up-gate-changed", request, entry=entry.pk)
    return redirect(done.address(reverse(route), [entry]))


def _listed(request) -> dict[str, Any]:
    """The newest SHOWN blocks of the kind and with the words that the address asks for."""
    (kind, wrong), typed = wrong_filters.choice(request.GET, "kind", KINDS), request.GET.get("q", "").strip()[:100]
    found = SignUpBlock.objects.select_related("by").order_by("-pk")
    if kind:
        found = found.filter(kind=kind)
    if typed:
        found = found.filter(value__icontains=typed)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=before)
    rows = list(found[: SHOWN + 1])
    return {
        "blocks": rows[:SHOWN],
        "older": rows[SHOWN - 1].pk if len(rows) > SHOWN else None,
        "kind": kind,
        "wrong_filters": wrong,
        "typed": typed,
        "kinds": SignUpBlock.Kind.choices,
    }


def _require_administrator(request) -> None:
    if not can_keep_gate(request.user):
        raise PermissionDenied


def _require_block(request, block_id: int) -> SignUpBlock:
    _require_administrator(request)
    found = SignUpBlock.objects.filter(pk=block_id).first()
    if found is None:
        raise Http404
    return found
