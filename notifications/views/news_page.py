"""A member's news: the list, opening one, and marking them as read."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.readers import user_of
from forum.pages import wrong_filters
from notifications.forms import BeforeForm, ReadForm
from notifications.models import Notification
from notifications.news import counts, listing, read_marks

_TABS = {tab.name: tab for tab in counts.TABS}


@login_required
def news_list(request):
    """Newest first, with the last notification of the page before as cursor."""
    name, wrong = wrong_filters.choice(request.GET, "tab", _TABS)
    tab = _TABS.get(name)
    form = BeforeForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    unread = counts.unread_counts(user_of(request))
    context = {
        "page": listing.news_page(request.user, tab=tab, before=before),
        "tab": tab,
        "wrong_filters": wrong,
        "tabs": [("", "All", sum(unread.values()))] + [(t.name, t.label, unread.get(t.name, 0)) for t in counts.TABS],
        "has_unread": bool(unread.get(tab.name) if tab else unread),
        "nav": "news",
    }
    return render(request, "notifications/news.html", context)


@login_required
def open_news(request, news_id: int):
    """Lead to what a notification is about, and mark it as read."""
    found = get_object_or_404(Notification.objects.readable_by(request.user), pk=news_id)
    return redirect(read_marks.open_news(user_of(request), found))


@login_required
def mark_read(request):
    """Mark all news, or those of a tab, up to one as read. Idempotent; a GET, as after signing in, only redirects."""
    tab = _tab_of(request.POST)
    form = ReadForm(request.POST)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["until"]:
        read_marks.mark_all_read(user_of(request), form.cleaned_data["until"], tab)
    path = reverse("notifications:news")
    return redirect(f"{path}?tab={tab.name}" if tab else path)


def _tab_of(data) -> counts.Tab | None:
    name = data.get("tab", "")
    if name and name not in _TABS:
        raise Http404
    return _TABS.get(name)
