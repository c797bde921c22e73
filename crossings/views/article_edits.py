"""Writing the article of a country, and reading what it said before."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import FETCH_RAISE
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.limits.work_limits import costs, working
from crossings.editorial import articles, wording
from crossings.editorial.forms import ArticleForm
from crossings.models import ArticleRevision, Country
from crossings.permissions import can_edit_country
from crossings.views.base import begin_anew, editors_only, typed_in
from crossings.views.countries import find_country
from forum import diff, markup
from forum.permissions import NotAllowed

EDITS_LISTED = 100
_PAGE = "crossings/staff/article.html"


@editors_only
def edit_article(request, code: str):
    country = _country(request, code)
    values = {"source": country.article, "as_of": country.article_as_of, "based_on": country.article_number}
    form = ArticleForm(typed_in(request), initial=values)
    context = {"form": form, "country": country, "nav": "crossings"}
    if request.method != "POST":
        return render(request, _PAGE, context)
    if "preview" in request.POST:
        return _preview(request, form, context)
    rate_limits.take("edit", request)
    if not form.is_valid():
        return render(request, _PAGE, context, status=400)
    return _save(request, country, form, context)


@costs("history")
def article_history(request, code: str, number: int | None = None):
    """Every edit of an article, and what the chosen one, else the latest, changed. Everybody may read it."""
    country = find_country(code)
    edits = country.revisions.select_related("edited_by").order_by("-number").fetch_mode(FETCH_RAISE)
    chosen = edits.filter(number=number).first() if number is not None else edits.first()
    if number is not None and chosen is None:
        raise Http404
    context = {
        "country": country,
        "edits": edits.defer("article")[:EDITS_LISTED],
        "chosen": chosen,
        "changes": _changes(country, chosen) if chosen else [],
        "nav": "crossings",
    }
    return render(request, "crossings/article_history.html", context)


@login_required
def restore_article(request, code: str, number: int):
    """Restoring twice changes nothing. A GET comes from the sign-in page, and goes on to the history."""
    country = _country(request, code)
    revision = get_object_or_404(ArticleRevision, country=country, number=number)
    address = ("crossings:article-history-of-edit", country.pk.lower(), number)
    if request.method != "POST":
        return redirect(*address)
    rate_limits.take("edit", request)
    try:
        articles.restore_article(request.user, revision)
    except NotAllowed as error:
        raise PermissionDenied from error
    except ValidationError as error:
        messages.error(request, f"Version {number} was not restored. {' '.join(error.messages)}")
        return redirect(*address)
    messages.success(request, f"Version {number} restored.")
    return redirect(country)


def _country(request, code: str) -> Country:
    country = find_country(code)
    if not can_edit_country(request.user, country):
        raise PermissionDenied
    return country


def _preview(request, form: ArticleForm, context: dict):
    """The article as it would look: the part alone for the script, else the whole page with the form."""
    rate_limits.take("preview", request)
    for name in ("as_of", "reason"):
        form.fields[name].required = False  # one looks first, and then says why
    is_valid = form.is_valid()
    if is_valid:
        with working("preview", request):
            context["preview"] = markup.to_html(form.cleaned_data["source"])
    if request.htmx:
        return render(request, "forum/_preview.html", context | {"is_preview": True})
    return render(request, _PAGE, context, status=200 if is_valid else 400)


def _save(request, country: Country, form: ArticleForm, context: dict):
    typed = {name: form.cleaned_data[name] for name in ("as_of", "reason", "based_on")}
    try:
        articles.edit_article(request.user, country, article=form.cleaned_data["source"], **typed)
    except articles.EditedMeanwhile as error:
        return _conflict(request, error.country, form, context)
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(request, "Article saved.")
    return redirect(country)


def _conflict(request, stored: Country, form: ArticleForm, context: dict):
    """Somebody else was faster: both texts are shown, and the second may be saved over the first."""
    begin_anew(form, stored.article_number)
    changes = diff.compare(stored.article, form.cleaned_data["source"])
    return render(request, _PAGE, context | {"stored": stored, "changes": changes}, status=409)


def _changes(country: Country, edit: ArticleRevision) -> list[diff.Piece]:
    """What an edit changed: the next version, or the present text, against the one it replaced."""
    following = country.revisions.filter(number=edit.number + 1).first()
    after, as_of = (following.article, following.as_of) if following else (country.article, country.article_as_of)
    before = edit.article
    if edit.as_of != as_of:
        before, after = _with_month(before, edit.as_of), _with_month(after, as_of)
    return diff.shortened(diff.compare(before, after))


def _with_month(text: str, as_of: date | None) -> str:
    return f"As of {wording.month(as_of)}.\n\n{text}" if as_of else text
