"""Entering, changing and withdrawing official notices of a crossing."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import FETCH_RAISE
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from crossings.editorial import notices, wording
from crossings.editorial.forms import NoticeForm
from crossings.models import Crossing, Notice
from crossings.permissions import can_enter_notice
from crossings.status import update
from crossings.views.base import answer_form, editors_only, find_crossing, typed_in
from forum.permissions import NotAllowed


@editors_only
def new_notice(request, slug: str):
    crossing = find_crossing(request.user, slug, can_enter_notice)
    form = NoticeForm(typed_in(request))

    def save() -> Crossing:
        notices.enter_notice(request.user, crossing, values=form.values)
        return crossing

    standing = crossing.notices.not_over(update.today()).select_related("entered_by").fetch_mode(FETCH_RAISE)
    context = {"crossing": crossing, "title": f"New notice on {crossing.name}", "tab": "notice", "verb": "Enter notice"}
    return answer_form(request, form, save, context | {"standing": standing}, done="Notice entered.")


@editors_only
def edit_notice(request, slug: str, notice_id: int):
    """A notice that was withdrawn is not changed any more: who had its form open gets the text back."""
    crossing, notice = _find(request, slug, notice_id)
    if notice.withdrawn_at is not None and request.method != "POST":
        return redirect(crossing)
    form = NoticeForm(typed_in(request), instance=copy(notice))

    def save() -> Crossing:
        notices.change_notice(request.user, notice, values=form.values, based_on=form.cleaned_data["based_on"])
        return crossing

    context = {"crossing": crossing, "notice": notice, "title": f"Notice on {crossing.name}", "tab": "notice"}
    if notice.withdrawn_at is not None:
        context["action"] = reverse("crossings:new-notice", args=[crossing.slug])
    return answer_form(request, form, save, context, done="Notice saved.")


@editors_only
def withdraw_notice(request, slug: str, notice_id: int):
    crossing, notice = _find(request, slug, notice_id)
    if request.method != "POST":
        context = {"crossing": crossing, "notice": notice, "words": wording.of_notice(notice)[wording.NOTICE]}
        return render(request, "crossings/staff/withdraw_notice.html", context | {"nav": "crossings"})
    try:
        notices.withdraw_notice(request.user, notice)
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(request, "Notice withdrawn.")
    return redirect(crossing)


def _find(request, slug: str, notice_id: int) -> tuple[Crossing, Notice]:
    crossing = find_crossing(request.user, slug, can_enter_notice)
    return crossing, get_object_or_404(Notice.objects.select_related("crossing"), crossing=crossing, pk=notice_id)
