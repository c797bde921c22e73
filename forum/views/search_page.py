"""The search page."""

import math
import re

from django.shortcuts import render

from accounts.limits.rate_limits import Shed
from accounts.limits.work_limits import costs
from accounts.models import User
from accounts.text import names
from forum.extensions import search_terms
from forum.forms.post_forms import SearchForm
from forum.models import Subforum
from forum.search import CannotSearch, Found, Question, TooBusy, search

_PLACE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,25})?(?:e-[0-9]{1,2})?|[0-9]{1,18}\.0)_([0-9]{1,18})")


def search_page(request):
    """Results, with all filters in the query string; without a query, help."""
    subforums = Subforum.objects.visible_to(request.user).order_by("section__position", "position")
    form = SearchForm(request.GET or None, subforums=subforums)
    context: dict = {"form": form, "found": Found(), "asked": "", "nav": "search"}
    if not form.is_valid():
        return render(request, "forum/search.html", context, status=400 if form.is_bound else 200)
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
            response = render(request, "forum/search.html", context, status=503)
            response["Retry-After"] = str(error.retry_after)
            return response
    return render(request, "forum/search.html", context, status=status)


@costs("search")
def _answer(request, form: SearchForm) -> dict:
    typed = form.cleaned_data
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
    )
    found = search(request.user, question)
    return leads | {"found": found, "next_url": _address(request, after=found.next), "orders": _orders(request)}


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


def _address(request, *, after: tuple[float, int] | None = None, order: str | None = None) -> str:
    """URL of this search with other parameters."""
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = f"{after[0]!r}_{after[1]}"
    if order is not None:
        query.pop("order", None)
        if order:
            query["order"] = order
    return f"{request.path}?{query.urlencode()}"
