"""The search page."""

import math
import re

from django.http import QueryDict
from django.shortcuts import render

from accounts.limits.rate_limits import Shed
from accounts.limits.work_limits import costs
from accounts.models import User
from accounts.readers import reader_of
from accounts.text import names
from forum.extensions import search_terms
from forum.forms.search_form import SearchForm
from forum.models import Subforum
from forum.models.subforum import SubforumQuerySet
from forum.pages import wrong_filters
from forum.search.hits import Found, Question, checked, search
from forum.search.query.fewer_words import Fit
from forum.search.time_limit import CannotSearch, TooBusy
from pagecache import fragment_cache
from pagecache.prepared import statement

_PLACE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,25})?(?:e-[0-9]{1,2})?|[0-9]{1,18}\.0)_([0-9]{1,18})")


def search_page(request):
    """Results, with all filters in the query string; without a query, help."""
    subforums = Subforum.objects.visible_to(request.user).order_by("section__position", "position")
    form, wrong = _form(request.GET, subforums)
    context: dict = {"form": form, "found": Found(), "asked": "", "wrong_filters": wrong, "nav": "search"}
    if not form.is_valid():
        return _rendered(request, subforums, context, status=400 if form.is_bound else 200)
    context["asked"] = form.cleaned_data["q"]
    status = 200
    if context["asked"]:
        try:
            context |= _answer(request, form)
        except CannotSearch as error:
            form.add_error("q", str(error))
            status = 503 if isinstance(error, TooBusy) else 400
        except Shed as error:
            form.add_error("q", "Many people are searching just now. Try again in a moment.")
            response = _rendered(request, subforums, context, status=503)
            response["Retry-After"] = str(error.retry_after)
            return response
    return _rendered(request, subforums, context, status=status)


def _rendered(request, subforums: SubforumQuerySet, context: dict, *, status: int):
    """The form is kept apart from what was found: Django's widgets would take as long as all hits."""
    shared = reader_of(request).shared()
    forums = tuple(statement(("subforums to search", shared), lambda: subforums.values_list("slug", "name")).rows())
    shown = context["form"].as_values(forums, context["found"].counted)
    context["search_filters"] = fragment_cache.rendered("forum/_search_filters.html", **shown)
    return render(request, "forum/search.html", context, status=status)


def _form(data: QueryDict, subforums: SubforumQuerySet) -> tuple[SearchForm, tuple[str, ...]]:
    """The form without filters that mean nothing, and their labels; with its errors, if the words are wrong."""
    form = SearchForm(data or None, subforums=subforums)
    if not form.is_bound or form.has_error("q"):
        return form, ()
    return wrong_filters.form_without(lambda kept: SearchForm(kept, subforums=subforums), data)


@costs("search")
def _answer(request, form: SearchForm) -> dict:
    typed = form.cleaned_data
    checked(typed["q"])
    leads = {} if request.GET.get("after") else {"leads": search_terms.leads(request.user, typed["q"])}
    author = _author(typed["by"])
    if typed["by"] and author is None:
        return leads | {"no_such_author": True}
    question = Question(
        words=typed["q"],
        subforum=typed["forum"],
        author=author,
        answered=typed["answered"],
        titles_only=typed["titles"],
        since=typed["since"],
        newest_first=typed["order"] == "newest",
        after=_place(request.GET.get("after", "")),
        chosen=form.chosen,
        fit=_fit(request),
    )
    found = search(request.user, question)
    return leads | {
        "found": found,
        "fit": str(found.fit),
        "meant_url": _address(request, q=found.meant),
        "next_url": _address(request, after=found.next, fit=found.fit),
        "orders": _orders(request),
    }


def _fit(request) -> Fit:
    """Of a further page: how much of the query the first one had; else it is found again."""
    fit = request.GET.get("fit", "")
    return Fit(fit) if request.GET.get("after") and fit in list(Fit) else Fit.ALL


def _author(name: str) -> User | None:
    return User.objects.filter(username_skeleton=names.skeleton(name)).first() if name else None


def _place(text: str) -> tuple[float, int] | None:
    """The cursor of the page from the query string; None, the first page, if it is invalid."""
    found = _PLACE.fullmatch(text)
    if not found or not math.isfinite(float(found[1])):
        return None
    return float(found[1]), int(found[2])


def _orders(request) -> list[dict]:
    current = "newest" if request.GET.get("order") == "newest" else ""
    return [
        {"words": words, "url": _address(request, order=order), "is_current": current == order}
        for order, words in (("", "Best match"), ("newest", "Newest"))
    ]


def _address(
    request, *, after: tuple[float, int] | None = None, fit: Fit = Fit.ALL, order: str | None = None, q: str = ""
) -> str:
    """URL of this search with other parameters."""
    query = request.GET.copy()
    for name in ("after", "fit"):
        query.pop(name, None)
    if after:
        query["after"] = f"{after[0]!r}_{after[1]}"
        if fit != Fit.ALL:
            query["fit"] = fit
    if order is not None:
        query.pop("order", None)
        if order:
            query["order"] = order
    if q:
        query["q"] = q
    return f"{request.path}?{query.urlencode()}"
