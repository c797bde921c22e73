"""The list of members, for members: nobody else can collect all names at once."""

from django.contrib.auth.decorators import login_required
from django.db.models import FETCH_RAISE, F, Q, Subquery
from django.db.models.functions import Lower
from django.shortcuts import render
from django.utils.http import urlencode

from accounts.models import User
from accounts.models.user import UserQuerySet
from accounts.text import names
from forum.pages import keyset, wrong_filters

MEMBERS_PER_PAGE = 60
_ORDERS = [("", "By name"), ("newest", "Newest first")]


@login_required
def member_directory(request):
    """By name, or by when they joined; `q` is how the name begins."""
    begins = names.normalise(request.GET.get("q", ""))[: names.MAX_LENGTH]
    order, wrong = wrong_filters.choice(request.GET, "order", dict(_ORDERS))
    listed = User.objects.listed().annotate(name=Lower("username"))
    if begins:
        listed = listed.filter(**{"name__startswith": begins.lower()})
    ordered = _in_order(listed, order, keyset.read_pk(request.GET.get("after", "")))
    rows, has_more = keyset.page_of(ordered.with_badges().fetch_mode(FETCH_RAISE), MEMBERS_PER_PAGE)
    query = {name: value for name, value in (("q", begins), ("order", order)) if value}
    context = {
        "rows": rows,
        "begins": begins,
        "order": order,
        "wrong_filters": wrong,
        "orders": [(label, _url({**query, "order": value})) for value, label in _ORDERS],
        "current": dict(_ORDERS)[order],
        "first_url": _url(query) or request.path,
        "next_url": _url({**query, "after": rows[-1].pk}) if has_more else "",
        "is_first_page": "after" not in request.GET,
        "nav": "members",
    }
    return render(request, "forum/members/directory.html", context)


def _in_order(listed: UserQuerySet, order: str, after: int | None) -> UserQuerySet:
    """From the member after which the page begins; none, if there is no such member."""
    last = User.objects.filter(pk=after).annotate(name=Lower("username"))
    if order == "newest":
        ordered = listed.order_by(F("joined_at").desc(), "-pk")
        at = Subquery(last.values("joined_at"))
        return ordered if after is None else ordered.filter(Q(joined_at__lt=at) | Q(pk__lt=after), joined_at__lte=at)
    ordered = listed.order_by(F("name"), "pk")
    name = Subquery(last.values("name"))
    return (
        ordered if after is None else ordered.filter(Q(**{"name__gt": name}) | Q(pk__gt=after), **{"name__gte": name})
    )


def _url(query: dict) -> str:
    asked = {name: value for name, value in query.items() if value}
    return f"?{urlencode(asked)}" if asked else "?"
