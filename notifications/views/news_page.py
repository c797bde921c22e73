"""A member's news: the list of notifications, and marking them as read."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from notifications.forms import BeforeForm, ReadForm
from notifications.models import Notification
from notifications.news import counts, wording

NEWS_PER_PAGE = 50


@login_required
def news_list(request):
    """Newest first, with the last notification of the page before as cursor."""
    form = BeforeForm(request.GET)
    listed = wording.with_entries(Notification.objects.readable_by(request.user)).order_by("-pk")
    if form.is_valid() and form.cleaned_data["before"]:
        listed = listed.filter(pk__lt=form.cleaned_data["before"])
    rows = list(listed[: NEWS_PER_PAGE + 1])
    shown = wording.put_into_words(request.user, rows[:NEWS_PER_PAGE])
    counts.unread_count(request.user, fresh=True)  # refreshes the cached number for the header
    context = {
        "shown": shown,
        "until": rows[0].pk if any(row.read_at is None for row in shown) else None,
        "older": shown[-1].pk if len(rows) > NEWS_PER_PAGE else None,
        "nav": "news",
    }
    return render(request, "notifications/news.html", context)


@login_required
def mark_read(request):
    """Mark one notification as read, or all up to one. Idempotent; a GET, as after signing in, only redirects."""
    form = ReadForm(request.POST)
    if request.method == "POST" and form.is_valid():
        counts.mark_read(request.user, **form.cleaned_data)
    return redirect("notifications:news")
