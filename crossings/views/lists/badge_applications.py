"""Asking for an expert's badge, saying that somebody should have it, and deciding."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import FETCH_RAISE
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.logs import security_log
from accounts.readers import reader_of
from crossings.experts import actions
from crossings.experts.forms import ApplicationForm, DecisionForm
from crossings.models import BadgeApplication, Country
from crossings.permissions import (
    can_apply,
    can_decide_application,
    can_endorse,
    can_read_application,
    can_read_applications,
)
from forum.pages import keyset
from forum.pages.written_posts import with_all_that_is_shown, with_excerpts
from forum.permissions import CannotBeDone, NotAllowed

SHOWN = 30


@login_required
def apply_for_badge(request):
    """`country` is the code of a country that is chosen already."""
    if not can_apply(request.user):
        raise PermissionDenied
    if waiting := BadgeApplication.objects.waiting().filter(applicant=request.user).first():
        return redirect(waiting)
    code = request.GET.get("country", "").upper()
    initial = {"countries": [code]} if len(code) == 2 and code.isascii() else {}
    form = ApplicationForm(request.POST or None, applicant=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = actions.apply(
                request.user, countries=asked["countries"], subject=asked["subject"], answers=asked["answers"],
                words=asked["words"],
            )  # fmt: skip
        except CannotBeDone as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "You asked for the badge. Two experts or moderators must agree now.")
            return redirect(made)
    context = {"form": form, "nav": "crossings"}
    return render(request, "crossings/experts/apply.html", context, status=400 if request.method == "POST" else 200)


@login_required
def badge_applications(request):
    """Those that wait, the oldest first; for experts, moderators and administrators."""
    if not can_read_applications(request.user):
        raise PermissionDenied
    waiting = BadgeApplication.objects.waiting().select_related("applicant").with_agreeing()
    after = keyset.read_pk(request.GET.get("after", ""))
    ordered = waiting.order_by("pk") if after is None else waiting.filter(pk__gt=after).order_by("pk")
    rows, has_more = keyset.page_of(ordered.fetch_mode(FETCH_RAISE), SHOWN)
    names = dict(Country.objects.values_list("code", "name"))
    for row in rows:
        row.about = about(row, names)
    context = {"rows": rows, "next_url": f"?after={rows[-1].pk}" if has_more else "", "nav": "desk"}
    return render(request, "crossings/experts/applications.html", context)


@login_required
def badge_application(request, application_id: int):
    """For its applicant, and for those who may endorse it. Administrators decide by its form."""
    found = _find(request, application_id)
    form = None
    if can_decide_application(request.user, found) and found.is_waiting:
        form = DecisionForm(request.POST or None, application=found)
        if request.method == "POST" and form.is_valid() and _decide(request, found, form):
            return redirect(found)
    elif request.method == "POST":
        return redirect(found)
    return _show(request, found, form, status=400 if request.method == "POST" else 200)


def _decide(request, found: BadgeApplication, form: DecisionForm) -> bool:
    title, reason = form.cleaned_data["title"], form.cleaned_data["reason"]
    try:
        if form.is_given:
            actions.give(request.user, found, title=title, reason=reason)
        else:
            actions.refuse(request.user, found, words=reason)
    except CannotBeDone as problem:
        form.add_error(None, str(problem))
        return False
    verb = "badge-given" if form.is_given else "badge-refused"
    security_log.note(verb, request, of=found.applicant_id, application=found.pk)
    messages.success(request, "Badge given." if form.is_given else "Refused. The applicant is told why.")
    return True


@login_required
def endorse_application(request, application_id: int):
    return _act(request, application_id, actions.endorse)


@login_required
def take_endorsement_back(request, application_id: int):
    return _act(request, application_id, actions.take_endorsement_back)


@login_required
def take_application_back(request, application_id: int):
    return _act(request, application_id, actions.take_back)


def _act(request, application_id: int, act):
    """A POST of a button; a GET comes from the sign-in page and goes on to the application."""
    found = _find(request, application_id)
    if request.method == "POST":
        try:
            act(request.user, found)
        except NotAllowed as error:
            raise PermissionDenied from error
    return redirect(found)


def _find(request, application_id: int) -> BadgeApplication:
    found = get_object_or_404(BadgeApplication.objects.select_related("applicant", "badge"), pk=application_id)
    if not can_read_application(request.user, found):
        raise Http404
    return found


def _show(request, found: BadgeApplication, form: DecisionForm | None, status: int):
    reader = reader_of(request)
    posts = with_all_that_is_shown(found.answers.listed_for(reader)).order_by("pk")
    endorsements = list(found.standing_endorsements().select_related("by").fetch_mode(FETCH_RAISE))
    context = {
        "application": found,
        "about": about(found, dict(Country.objects.filter(pk__in=found.countries).values_list("code", "name"))),
        "posts": with_excerpts(list(posts)),
        "endorsements": endorsements,
        "needed": actions.ENDORSEMENTS_NEEDED,
        "has_endorsed": any(endorsement.by_id == request.user.pk for endorsement in endorsements),
        "may_endorse": found.is_waiting and can_endorse(request.user, found),
        "is_own": found.applicant_id == request.user.pk,
        "form": form,
        "nav": "desk",
    }
    return render(request, "crossings/experts/application.html", context, status=status)


def about(application: BadgeApplication, names: dict[str, str]) -> str:
    """For what the badge is asked for: names of countries, or the subject."""
    return ", ".join(names.get(code, code) for code in application.countries) or application.subject
