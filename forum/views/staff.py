"""Staff pages: sections, subforums with their access and moderators, expert badges."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.logs import security_log
from accounts.members.rename import rename
from accounts.models import ExpertBadge, User
from accounts.readers import reader_of
from accounts.signin.freshness import require_fresh
from accounts.text import names
from forum.actions.subforums import change_access, is_needed, keep_old_address
from forum.extensions import fragments
from forum.forms.staff import EmptySectionForm, RenameForm, SectionForm, SubforumForm
from forum.models import Section, Subforum
from forum.permissions import can_administer
from forum.sections import order


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
    subforums = Subforum.objects.order_by("position", "pk").select_related("group").prefetch_related("moderators")
    sections = list(Section.objects.prefetch_related(Prefetch("subforums", queryset=subforums, to_attr="shown")))
    _name_neighbours(sections)
    for section in sections:
        _name_neighbours(section.shown)
    badges = ExpertBadge.objects.standing().select_related("user", "given_by").order_by("title", "pk")
    return render(
        request,
        "forum/staff/staff.html",
        {
            "sections": sections,
            "badges": badges,
            "nav": "staff",
            "of_others": fragments.html_of_staff(reader_of(request)),
        },
    )


@administrators_only
def edit_section(request, section_id: int | None = None):
    section = get_object_or_404(Section, pk=section_id) if section_id else None
    form = SectionForm(request.POST or None, instance=section)
    if request.method == "POST" and form.is_valid():
        if section is None:
            form.instance.position = order.next_position(Section.objects.all())
        form.save()
        messages.success(request, "Section saved.")
        return redirect("forum:staff")
    return form_page(request, form, "Edit section" if section else "New section")


@administrators_only
def remove_section(request, section_id: int):
    section = get_object_or_404(Section, pk=section_id)
    form = EmptySectionForm(request.POST if request.method == "POST" else None, section=section)
    if request.method == "POST" and form.is_valid():
        section.delete()
        messages.success(request, "Section removed.")
        return redirect("forum:staff")
    return form_page(request, form, f"Remove the section {section.name}?", verb="Remove section")


@administrators_only
def edit_subforum(request, slug: str | None = None):
    subforum = get_object_or_404(Subforum, slug=slug) if slug else Subforum()
    form = SubforumForm(request.POST or None, instance=subforum)
    if request.method == "POST" and form.is_valid():
        if _gives_or_takes_ranks(form):
            require_fresh(request)
        _save_subforum(form)
        moderators = sorted(member.pk for member in form.cleaned_data["moderators"])
        security_log.note(
            "subforum-saved",
            request,
            subforum=form.instance.pk,
            moderators=moderators,
            first_posts=form.instance.first_posts,
        )
        messages.success(request, "Subforum saved.")
        return redirect("forum:staff")
    more: dict[str, Any] = {"subforum": subforum, "is_needed": is_needed(subforum)} if slug else {}
    return form_page(request, form, "Edit subforum" if slug else "New subforum", **more)


@administrators_only
def rename_member(request, username: str):
    member = _member(username)
    form = RenameForm(request.POST or None, initial={"name": member.username})
    if request.method == "POST" and form.is_valid():
        try:
            rename(member, form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            member.refresh_from_db()
            security_log.note("renamed", request, of=member.pk)
            messages.success(request, "Member renamed.")
            return redirect(member)
    return form_page(request, form, f"Rename {member.username}", verb="Rename", back=member.get_absolute_url())


def _name_neighbours(rows: list) -> None:
    """For the buttons of the order: each row knows the one before and the one after it."""
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        row.row_before, row.row_after = before, after


def _member(username: str) -> User:
    return get_object_or_404(User, username_skeleton=names.skeleton(username))


def _gives_or_takes_ranks(form: SubforumForm) -> bool:
    before = form.instance.moderators.values_list("pk", flat=True) if form.instance.pk else ()
    return set(before) != {member.pk for member in form.cleaned_data["moderators"]}


@transaction.atomic
def _save_subforum(form: SubforumForm) -> None:
    """Save the form; the access of an existing subforum changes by its own action, which updates counters."""
    subforum = form.instance
    if subforum.pk:
        access, group = form.cleaned_data["access"], form.cleaned_data["group"]
        before = Subforum.objects.get(pk=subforum.pk)
        fields = [name for name in form._meta.fields or () if name not in {"access", "group"}]
        change_access(subforum, access, group)  # first, because it locks topics, and they come before subforums
        if before.section_id != subforum.section_id:
            subforum.position = order.next_position(subforum.section.subforums.all())
            fields.append("position")
        subforum.save(update_fields=fields)
        keep_old_address(subforum, before.slug)
    else:
        subforum.position = order.next_position(subforum.section.subforums.all())
        subforum.save()
        keep_old_address(subforum, "")
    subforum.moderators.set(form.cleaned_data["moderators"])


def form_page(request, form: object, title: str, verb: str = "Save", back: str = "", **more: Any):
    status = 400 if request.method == "POST" else 200
    context = {
        "form": form,
        "title": title,
        "verb": verb,
        "back": back or reverse("forum:staff"),
        "nav": "staff",
        **more,
    }
    return render(request, "forum/staff/form.html", context, status=status)
