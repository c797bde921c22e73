"""The site's own pages (imprint, privacy, terms), and the staff pages on which administrators write them."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.limits import rate_limits
from accounts.limits.work_limits import working
from accounts.logs import security_log
from accounts.models import SiteText
from forum import diff, markup
from forum.permissions import NotAllowed
from forum.site_texts import actions, privacy_draft
from forum.site_texts.forms import FORMS, SiteTextForm
from forum.views.staff import administrators_only
from pagecache.versions import keepable

VERSIONS_LISTED = 100
_EDITOR = "forum/staff/site_text.html"


@keepable("forum")
def site_page(request, kind: str):
    """A page of the site's own; 404 while it has no text."""
    text = SiteText.objects.of(kind).first()
    if text is None or not text.source:
        raise Http404
    return render(request, "forum/site_page.html", {"text": text, "canonical": request.path})


@administrators_only
def site_texts(request):
    """All kinds, with what each says now."""
    current = {text.kind: text for text in SiteText.objects.current().select_related("set_by")}
    kinds = [(kind, label, current.get(kind)) for kind, label in SiteText.Kind.choices]
    return render(request, "forum/staff/site_texts.html", {"kinds": kinds, "nav": "staff"})


@administrators_only
def edit_site_text(request, kind: str):
    current = SiteText.objects.of(_known(kind)).first()
    form = _form(request, kind, current)
    context = {
        "form": form,
        "kind": kind,
        "title": SiteText.Kind(kind).label,
        "current": current,
        "has_preview": kind != SiteText.Kind.NAME,
        "is_draft": kind == SiteText.Kind.PRIVACY and not (current and current.source),
        "back": reverse("forum:site-texts"),
        "nav": "staff",
    }
    if request.method != "POST":
        return render(request, _EDITOR, context)
    if "preview" in request.POST:
        return _preview(request, form, context)
    if not form.is_valid():
        return render(request, _EDITOR, context, status=400)
    return _save(request, kind, form, context)


@administrators_only
def site_text_history(request, kind: str, number: int | None = None):
    """All versions of a text, and the changed words of the chosen one, else of the newest."""
    versions = SiteText.objects.of(_known(kind)).select_related("set_by")
    chosen = versions.filter(number=number).first() if number is not None else versions.first()
    if number is not None and chosen is None:
        raise Http404
    before = versions.filter(number__lt=chosen.number).first() if chosen else None
    context = {
        "kind": kind,
        "title": SiteText.Kind(kind).label,
        "versions": versions[:VERSIONS_LISTED],
        "chosen": chosen,
        "changes": diff.shortened(diff.compare(before.source, chosen.source)) if before and chosen else [],
        "nav": "staff",
    }
    return render(request, "forum/staff/site_text_history.html", context)


def _known(kind: str) -> str:
    if kind not in FORMS:
        raise Http404
    return kind


def _form(request, kind: str, current: SiteText | None) -> SiteTextForm:
    draft = privacy_draft.draft() if kind == SiteText.Kind.PRIVACY else ""
    return FORMS[kind](request.POST if request.method == "POST" else None, current=current, draft=draft)


def _preview(request, form: SiteTextForm, context: dict):
    """The text as it would look: the part alone for the script, else the whole page with the form."""
    rate_limits.take("preview", request)
    is_valid = form.is_valid()
    if is_valid:
        with working("preview", request):
            context["preview"] = markup.to_html(form.cleaned_data["source"])
    if request.htmx:
        return render(request, "forum/_preview.html", context | {"is_preview": True})
    return render(request, _EDITOR, context, status=200 if is_valid else 400)


def _save(request, kind: str, form: SiteTextForm, context: dict):
    try:
        saved = actions.save_text(request.user, kind, **form.cleaned_data)
    except actions.SiteTextChanged as error:
        return _conflict(request, error.current, form, context)
    except NotAllowed as error:
        raise PermissionDenied from error
    security_log.note("site-text-saved", request, kind=kind, number=saved.number if saved else 0)
    messages.success(request, f"{context['title']} saved.")
    return redirect("forum:site-texts")


def _conflict(request, stored: SiteText, form: SiteTextForm, context: dict):
    """409: an edit conflict; both texts are shown, and the second may be saved over the first."""
    typed = cast(QueryDict, form.data).copy()
    typed["based_on"] = str(stored.number)
    form.data = typed
    changes = diff.compare(stored.source, form.cleaned_data["source"])
    return render(request, _EDITOR, context | {"stored": stored, "changes": changes}, status=409)
