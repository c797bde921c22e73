"""Staff pages that make subforums from presets, put them in order, lock and remove them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.logs import security_log
from forum.actions import subforums
from forum.forms.staff import PlaceForm, PresetsForm, RemoveSubforumForm
from forum.models import RulesBanner, Section, Subforum
from forum.permissions import CannotBeDone
from forum.sections import order, presets_made, removal, removal_steps
from forum.views.staff import administrators_only


@administrators_only
def presets(request):
    """The ready subforums; those that are chosen are made at once, and what is there already stays as it is."""
    rows = presets_made.all_presets()
    free = [row.slug for row in rows if row.made is None]
    form = PresetsForm(request.POST if request.method == "POST" else None, offered=[row.slug for row in rows])
    context = {
        "rows": rows,
        "form": form,
        "chosen": request.POST.getlist("slugs") if request.method == "POST" else free,
        "has_free": bool(free),
        "has_rules": RulesBanner.objects.filter(subforum=None).exists(),
        "nav": "staff",
    }
    if request.method != "POST":
        return render(request, "forum/staff/presets.html", context)
    if "rules" in request.POST:
        presets_made.make_rules_of_the_forum(request.user)
        messages.success(request, "The forum has rules. Read them once, and change what does not fit.")
        return redirect("forum:presets")
    if not form.is_valid():
        return render(request, "forum/staff/presets.html", context, status=400)
    made = presets_made.make_presets(request.user, form.cleaned_data["slugs"])
    security_log.note("presets-made", request, subforums=[subforum.pk for subforum in made])
    words = (
        "1 subforum made." if len(made) == 1 else f"{len(made)} subforums made." if made else "All were there already."
    )
    messages.success(request, words)
    return redirect("forum:presets")


@administrators_only
def place_section(request, section_id: int):
    """Put a section before or after another. A GET, as after signing in, goes on to the staff pages."""
    section = get_object_or_404(Section, pk=section_id)
    return _place(request, section, Section, order.place_section, f"s{section.pk}")


@administrators_only
def place_subforum(request, slug: str):
    subforum = get_object_or_404(Subforum, slug=slug)
    return _place(request, subforum, Subforum, order.place_subforum, f"f{subforum.pk}")


@administrators_only
def lock_subforum(request, slug: str):
    return _do(request, slug, subforums.lock_subforum, "locked. Only its moderators write there now")


@administrators_only
def unlock_subforum(request, slug: str):
    return _do(request, slug, subforums.unlock_subforum, "unlocked. Members write there again")


@administrators_only
def remove_subforum(request, slug: str):
    """Say what will be moved where, then move it and remove the subforum; a long removal goes on by itself."""
    subforum = get_object_or_404(Subforum.objects.select_related("leaves_for"), slug=slug)
    count = subforum.topics.count()
    form = RemoveSubforumForm(
        request.POST if request.method == "POST" else None, subforum=subforum, has_topics=count > 0
    )
    context = {
        "subforum": subforum,
        "form": form,
        "count": count,
        "is_needed": subforums.is_needed(subforum),
        "back": reverse("forum:edit-subforum", args=[subforum.slug]),
        "nav": "staff",
    }
    if request.method != "POST":
        return render(request, "forum/staff/remove_subforum.html", context)
    if not form.is_valid():
        return render(request, "forum/staff/remove_subforum.html", context, status=400)
    try:
        removal.begin(request.user, subforum, form.cleaned_data.get("target"))
    except CannotBeDone as error:
        form.add_error(None, str(error))
        return render(request, "forum/staff/remove_subforum.html", context, status=400)
    security_log.note("subforum-removed", request, subforum=subforum.pk, topics=count)
    return _go_on(request, subforum)


def _go_on(request, subforum: Subforum):
    left = removal_steps.go_on(subforum.pk, removal_steps.BATCH)
    if left:
        messages.success(request, f"{subforum.name} is being removed: {left} topics are on their way.")
        return redirect("forum:remove-subforum", subforum.slug)
    messages.success(request, f"{subforum.name} is removed.")
    return redirect("forum:staff")


def _place(request, row: Any, model: type[Section] | type[Subforum], place: Callable, anchor: str):
    if request.method != "POST":
        return redirect("forum:staff")
    form = PlaceForm(request.POST)
    back = f"{reverse('forum:staff')}#{anchor}"
    if not form.is_valid():
        return redirect(back)
    before, after = form.cleaned_data["before"], form.cleaned_data["after"]
    beside = get_object_or_404(model, pk=before or after)
    try:
        place(request.user, row, beside, after=after is not None)
    except CannotBeDone as error:
        messages.error(request, str(error))
    return redirect(back)


def _do(request, slug: str, act: Callable, done: str):
    """A GET, as after signing in, goes on to the form of the subforum."""
    subforum = get_object_or_404(Subforum, slug=slug)
    if request.method == "POST":
        try:
            act(request.user, subforum)
        except CannotBeDone as error:
            messages.error(request, str(error))
        else:
            security_log.note("subforum-saved", request, subforum=subforum.pk)
            messages.success(request, f"{subforum.name} is {done}.")
    return redirect("forum:edit-subforum", subforum.slug)
