"""Editing rules, and the history of their versions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.limits.work_limits import costs
from accounts.readers import ReaderFacts, reader_of
from forum import diff
from forum.actions.rules import RulesChangedMeanwhile, set_rules
from forum.forms.staff import RulesForm
from forum.models import RulesBanner, RulesVersion, Subforum
from forum.models.rules import as_text
from forum.permissions import can_edit_rules

VERSIONS_LISTED = 100


@login_required
def edit_rules(request, slug: str | None = None):
    subforum = _place(request.user, slug)
    if not can_edit_rules(request.user, subforum):
        raise PermissionDenied
    banner = RulesBanner.objects.filter(subforum=subforum).first() or RulesBanner(subforum=subforum)
    form = RulesForm(request.POST or None, instance=banner)
    back = subforum.get_absolute_url() if subforum else reverse("forum:rules")
    title = f"Rules of {subforum}" if subforum else "Rules of the whole forum"
    context = {"form": form, "title": title, "verb": "Save", "back": back, "nav": "staff"}
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "forum/staff/form.html", context, status=status)
    try:
        set_rules(request.user, subforum, **form.cleaned_data)
    except RulesChangedMeanwhile as error:
        return _conflict(request, error.banner, form, context)
    messages.success(request, "Rules saved.")
    return redirect(back)


@costs("history")
def rules_history(request, slug: str | None = None, number: int | None = None):
    """All versions of the rules, and the diff of the chosen one, else the latest; for all who may read the subforum."""
    subforum = _place(reader_of(request), slug)
    versions = RulesVersion.objects.filter(banner__subforum=subforum).select_related("set_by").order_by("-number")
    chosen = versions.filter(number=number).first() if number else versions.first()
    if number and chosen is None:
        raise Http404
    context = {
        "subforum": subforum,
        "versions": versions[:VERSIONS_LISTED],
        "chosen": chosen,
        "changes": _changes(versions, chosen) if chosen else [],
        "nav": "forum",
    }
    return render(request, "forum/rules_history.html", context)


def _place(user: ReaderFacts, slug: str | None) -> Subforum | None:
    subforums = Subforum.objects.visible_to(user).select_related("section")
    return get_object_or_404(subforums, slug=slug) if slug else None


def _changes(versions, chosen: RulesVersion) -> list[diff.Piece]:
    """The diff of a version against the one before; none for the first."""
    before = versions.filter(number__lt=chosen.number).first()
    return diff.shortened(diff.compare(before.text, chosen.text)) if before else []


def _conflict(request, banner: RulesBanner, form: RulesForm, context: dict):
    """409: an edit conflict; both texts are shown, and the second may be saved over the first."""
    typed = form.cleaned_data
    mine = {name: typed[name] for name in ("introduction", "reason")} | {"rules": "\n".join(typed["rules"])}
    changes = diff.compare(banner.text, as_text(typed["introduction"], typed["rules"]))
    again = RulesForm(instance=banner, initial=mine | {"based_on": banner.version})
    values = {**context, "form": again, "stored": banner, "changes": changes}
    return render(request, "forum/rules_conflict.html", values, status=409)
