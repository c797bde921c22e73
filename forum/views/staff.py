"""Staff pages: sections, subforums with their access and moderators, expert badges."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import security_log
from accounts.models import ExpertBadge, User
from accounts.rename import rename
from accounts.text import names
from forum.actions.subforums import change_access
from forum.forms.staff import BadgeForm, EmptySectionForm, RenameForm, SectionForm, SubforumForm
from forum.models import Section, Subforum
from forum.permissions import can_administer


def administrators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    @login_required
    def guarded(request, *args: object, **kwargs: object):
        if not can_administer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@administrators_only
def staff(request):
    """All sections and subforums, with forms for each."""
    subforums = Subforum.objects.order_by("position", "pk").prefetch_related("moderators")
    sections = Section.objects.prefetch_related(Prefetch("subforums", queryset=subforums, to_attr="shown"))
    badges = ExpertBadge.objects.standing().select_related("user", "given_by").order_by("title", "pk")
    return render(request, "forum/staff/staff.html", {"sections": sections, "badges": badges, "nav": "staff"})


@administrators_only
def edit_section(request, section_id: int | None = None):
    section = get_object_or_404(Section, pk=section_id) if section_id else None
    form = SectionForm(request.POST or None, instance=section)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Section saved.")
        return redirect("forum:staff")
    return _form(request, form, "Edit section" if section else "New section")


@administrators_only
def remove_section(request, section_id: int):
    section = get_object_or_404(Section, pk=section_id)
    form = EmptySectionForm(request.POST if request.method == "POST" else None, section=section)
    if request.method == "POST" and form.is_valid():
        section.delete()
        messages.success(request, "Section removed.")
        return redirect("forum:staff")
    return _form(request, form, f"Remove the section {section.name}?", verb="Remove section")


@administrators_only
def edit_subforum(request, slug: str | None = None):
    subforum = get_object_or_404(Subforum, slug=slug) if slug else Subforum()
    form = SubforumForm(request.POST or None, instance=subforum)
    if request.method == "POST" and form.is_valid():
        _save_subforum(form)
        moderators = sorted(member.pk for member in form.cleaned_data["moderators"])
        security_log.note("subforum-saved", request, subforum=form.instance.pk, moderators=moderators)
        messages.success(request, "Subforum saved.")
        return redirect("forum:staff")
    return _form(request, form, "Edit subforum" if slug else "New subforum")


@administrators_only
def give_badge(request, username: str):
    member = _member(username)
    badge = ExpertBadge(user=member, given_by=request.user, given_at=timezone.now())
    form = BadgeForm(request.POST or None, instance=badge)
    if request.method == "POST" and form.is_valid():
        form.save()
        security_log.note("badge-given", request, of=member.pk, badge=badge.pk)
        messages.success(request, "Badge given.")
        return redirect(member)
    return _form(request, form, f"Give {member.username} a badge", verb="Give badge")


@administrators_only
def rename_member(request, username: str):
    member = _member(username)
    form = RenameForm(request.POST or None, initial={"name": member.username})
    if request.method == "POST" and form.is_valid():
        try:
            rename(member, form.cleaned_data["name"])
        except ValidationError as error:
            form.add_error("name", error)
        else:
            member.refresh_from_db()
            security_log.note("renamed", request, of=member.pk)
            messages.success(request, "Member renamed.")
            return redirect(member)
    return _form(request, form, f"Rename {member.username}", verb="Rename", back=member.get_absolute_url())


@administrators_only
def withdraw_badge(request, badge_id: int):
    """Idempotent. A GET redirects to the member."""
    badge = get_object_or_404(ExpertBadge.objects.select_related("user"), pk=badge_id)
    if request.method == "POST":
        ExpertBadge.objects.standing().filter(pk=badge.pk).update(withdrawn_at=timezone.now())
        security_log.note("badge-withdrawn", request, of=badge.user_id, badge=badge.pk)
        messages.success(request, "Badge withdrawn.")
    return redirect(badge.user)


def _member(username: str) -> User:
    return get_object_or_404(User, username_skeleton=names.skeleton(username))


@transaction.atomic
def _save_subforum(form: SubforumForm) -> None:
    """Save the form; the access of an existing subforum changes by its own action, which updates counters."""
    subforum = form.instance
    access = form.cleaned_data["access"]
    if subforum.pk:
        subforum.access = Subforum.objects.get(pk=subforum.pk).access
        fields = [name for name in form._meta.fields or () if name != "access"]
        change_access(subforum, access)  # first, because it locks topics, and they come before subforums
        subforum.save(update_fields=fields)
    else:
        subforum.save()
    subforum.moderators.set(form.cleaned_data["moderators"])


def _form(request, form: object, title: str, verb: str = "Save", back: str = ""):
    status = 400 if request.method == "POST" else 200
    context = {
        "form": form,
        "title": title,
        "verb": verb,
        "back": back or reverse("forum:staff"),
        "nav": "staff",
    }
    return render(request, "forum/staff/form.html", context, status=status)
