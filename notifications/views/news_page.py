"""A member's news: the list, and the marks of what was read."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from notifications import news, wording
from notifications.forms import BeforeForm, ReadForm
from notifications.models import Notification

NEWS_PER_PAGE = 50


@login_required
def news_list(request):
    """Newest first; a page begins below the last one of the page before."""
    form = BeforeForm(request.GET)
    listed = wording.with_entries(Notification.objects.readable_by(request.user)).order_by("-pk")
    if form.is_valid() and form.cleaned_data["before"]:
        listed = listed.filter(pk__lt=form.cleaned_data["before"])
    rows = list(listed[: NEWS_PER_PAGE + 1])
    shown = wording.put_into_words(request.user, rows[:NEWS_PER_PAGE])
    news.unread_count(request.user, fresh=True)  # for the head of this page
    context = {
        "shown": shown,
        "until": rows[0].pk if any(row.read_at is None for row in shown) else None,
        "older": shown[-1].pk if len(rows) > NEWS_PER_PAGE else None,
        "nav": "news",
    }
    return render(request, "notifications/news.html", context)


@login_required
def mark_read(request):
    """One piece of news, or all up to one. Twice changes nothing; a GET comes from the sign-in page."""
    form = ReadForm(request.POST)
    if request.method == "POST" and form.is_valid():
        news.mark_read(request.user, **form.cleaned_data)
    return redirect("notifications:news")
