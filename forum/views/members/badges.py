"""Staff pages: giving and withdrawing experts' badges, and the list of subjects that badges are given for."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.logs import security_log
from accounts.models import BadgeSubject, ExpertBadge, User
from accounts.text import names
from forum.experts import actions
from forum.forms.badge_forms import BadgeForm, BadgeSubjectForm, WithdrawBadgeForm
from forum.models import Subforum
from forum.signals import subject_renamed
from forum.views.staff import administrators_only, form_page


@administrators_only
def give_badge(request, username: str):
    member = get_object_or_404(User, username_skeleton=names.skeleton(username))
    badge = ExpertBadge(user=member, given_by=request.user, given_at=timezone.now())
    form = BadgeForm(request.POST or None, instance=badge)
    if request.method == "POST" and form.is_valid():
        actions.save_badge(form.instance, request.user)
        security_log.note("badge-given", request, of=member.pk, badge=badge.pk)
        messages.success(request, "Badge given.")
        return redirect(member)
    title, back = f"Give {member.username} a badge", member.get_absolute_url()
    return form_page(request, form, title, verb="Give badge", back=back)


@administrators_only
def withdraw_badge(request, badge_id: int):
    """Idempotent. A badge that is withdrawn already redirects to its member."""
    badge = get_object_or_404(ExpertBadge.objects.select_related("user"), pk=badge_id)
    if badge.withdrawn_at:
        return redirect(badge.user)
    form = WithdrawBadgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_badge(badge, request.user, form.cleaned_data["reason"])
        security_log.note("badge-withdrawn", request, of=badge.user_id, badge=badge.pk)
        messages.success(request, "Badge withdrawn.")
        return redirect(badge.user)
    title, back = f"Withdraw “{badge.title}” from {badge.user.username}?", badge.user.get_absolute_url()
    return form_page(request, form, title, verb="Withdraw badge", back=back)


@administrators_only
def badge_subjects(request):
    """All subjects, each with the subforums that are about it."""
    subforums = Prefetch("subforums", queryset=Subforum.objects.order_by("name"))
    found = BadgeSubject.objects.prefetch_related(subforums)
    return render(request, "forum/staff/badge_subjects.html", {"subjects": found, "nav": "staff"})


@administrators_only
@transaction.atomic
def edit_badge_subject(request, subject_id: int | None = None):
    """A subject that is renamed is so on all badges, and where badges are asked for."""
    subject = get_object_or_404(BadgeSubject.objects.select_for_update(), pk=subject_id) if subject_id else None
    before = subject.name if subject else ""
    form = BadgeSubjectForm(request.POST or None, instance=subject)
    if request.method == "POST" and form.is_valid():
        form.save()
        if subject and before != subject.name:
            ExpertBadge.objects.filter(subject=before).update(subject=subject.name)
            subject_renamed.send(BadgeSubject, before=before, subject=subject)
        security_log.note("badge-subject-saved", request, subject=form.instance.pk)
        messages.success(request, "Subject saved.")
        return redirect("forum:badge-subjects")
    title = "Subject of badges" if subject else "New subject of badges"
    return form_page(request, form, title, back=reverse("forum:badge-subjects"))


@administrators_only
def remove_badge_subject(request, subject_id: int):
    """Take a subject off the list; badges that were given for it stay, and speak everywhere. Idempotent."""
    if request.method == "POST" and BadgeSubject.objects.filter(pk=subject_id).delete()[0]:
        security_log.note("badge-subject-saved", request, subject=subject_id)
        messages.success(request, "Subject removed.")
    return redirect("forum:badge-subjects")
