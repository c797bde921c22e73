"""Staff pages: groups of chosen members, and who is in them. For administrators."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, ProtectedError, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.logs import security_log
from accounts.models import MemberGroup, User
from forum.forms.staff import GroupForm, GroupMembersForm
from forum.views.staff import administrators_only, form_page

# Former memberships on a group's page.
FORMER_SHOWN = 50


@administrators_only
def groups(request):
    """All groups with the number of their members, and what they open."""
    standing = Count("memberships", filter=Q(memberships__removed_at=None))
    found = MemberGroup.objects.annotate(members_count=standing).prefetch_related("subforums")
    return render(request, "forum/staff/groups.html", {"groups": found, "nav": "staff"})


@administrators_only
def group(request, group_id: int):
    """Who is in a group, who was, and a form to add members by name."""
    found = get_object_or_404(MemberGroup, pk=group_id)
    form = GroupMembersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _add(request, found, form.cleaned_data["members"])
        return redirect("forum:group", found.pk)
    memberships = found.memberships.select_related("member", "added_by", "removed_by")
    standing = list(memberships.standing().order_by("member__username_skeleton"))
    former = memberships.filter(removed_at__isnull=False)
    shown = {
        "group": found,
        "form": form,
        "memberships": standing,
        "former": former.order_by("-removed_at", "-pk")[:FORMER_SHOWN],
        "members_ids": {membership.member_id for membership in standing},
        "subforums": found.subforums.all(),
        "nav": "staff",
    }
    return render(request, "forum/staff/group.html", shown, status=400 if form.errors else 200)


@administrators_only
def edit_group(request, group_id: int | None = None):
    found = get_object_or_404(MemberGroup, pk=group_id) if group_id else MemberGroup(made_at=timezone.now())
    form = GroupForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        security_log.note("group-saved", request, group=found.pk)
        messages.success(request, "Group saved.")
        return redirect("forum:group", found.pk)
    back = reverse("forum:group", args=[group_id]) if group_id else reverse("forum:groups")
    return form_page(request, form, "Rename group" if group_id else "New group", back=back)


@administrators_only
def remove_group(request, group_id: int):
    """Remove a group that opens no subforum. A GET redirects to its page."""
    found = get_object_or_404(MemberGroup, pk=group_id)
    if request.method != "POST":
        return redirect("forum:group", found.pk)
    try:
        with transaction.atomic():
            found.delete()
    except ProtectedError:
        messages.error(request, "Subforums are open to this group. Give them another access first.")
        return redirect("forum:group", group_id)
    security_log.note("group-removed", request, group=group_id)
    messages.success(request, "Group removed.")
    return redirect("forum:groups")


@administrators_only
def add_member(request, group_id: int, member_id: int):
    """Add a former member again, from the history. Idempotent. A GET redirects to the group."""
    found = get_object_or_404(MemberGroup, pk=group_id)
    member = get_object_or_404(User, pk=member_id, is_active=True)
    if request.method == "POST":
        _add(request, found, [member])
    return redirect("forum:group", found.pk)


@administrators_only
def remove_member(request, group_id: int, member_id: int):
    """Idempotent. A GET redirects to the group."""
    found = get_object_or_404(MemberGroup, pk=group_id)
    member = get_object_or_404(User, pk=member_id)
    if request.method == "POST":
        if actions.remove_from_group(request.user, found, member.pk):
            security_log.note("group-left", request, group=found.pk, of=member.pk)
        messages.success(request, f"{member.username} is not in the group any more.")
    return redirect("forum:group", found.pk)


def _add(request, group: MemberGroup, members: list[User]) -> None:
    added = actions.add_to_group(request.user, group, members)
    for member in added:
        security_log.note("group-joined", request, group=group.pk, of=member.pk)
    said = ", ".join(member.username for member in added)
    messages.success(request, f"Added: {said}." if added else "They are in the group already.")
