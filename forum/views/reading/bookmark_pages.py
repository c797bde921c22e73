"""Bookmarking a post, the note and reminder of a bookmark, and the list of all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import FETCH_RAISE
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.models import User
from accounts.readers import reader_of
from forum.bookmarks import actions
from forum.bookmarks.forms import BookmarkForm
from forum.models import Bookmark, Post
from forum.pages.pagination import ListAddress, Pages
from forum.pages.written_posts import with_excerpts
from forum.views.topic_lists import page_number

BOOKMARKS_PER_PAGE = 30


@login_required
def bookmark(request, post_id: int):
    """A POST bookmarks the post. Returns a fragment for htmx; a GET, as after signing in, only redirects."""
    post = _post(request.user, post_id)
    if request.method == "POST":
        rate_limits.take("bookmark", request)
        actions.bookmark(request.user, post)
    if not request.htmx:
        return redirect(post)
    post.is_bookmarked = True
    return render(request, "forum/_post.html#bookmark", {"post": post})


@login_required
def edit_bookmark(request, post_id: int):
    """The note and the reminder of a bookmark. The post is bookmarked when the form is saved, if it was not before."""
    post = _post(request.user, post_id)
    found = Bookmark.objects.filter(user=request.user, post=post).first()
    initial = {"note": found.note, "remind_on": found.remind_on} if found else None
    form = BookmarkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rate_limits.take("bookmark", request)
        actions.edit_bookmark(request.user, post, **form.cleaned_data)
        messages.success(request, "Bookmark saved.")
        return redirect("forum:bookmarks")
    context = {"post": post, "form": form, "is_bookmarked": found is not None, "nav": "bookmarks"}
    return render(request, "forum/bookmark.html", context, status=400 if request.method == "POST" else 200)


@login_required
def remove_bookmark(request, post_id: int):
    """A POST removes the bookmark, also of a post that cannot be read any more."""
    if request.method == "POST":
        actions.remove_bookmark(request.user, post_id)
        messages.success(request, "Bookmark removed.")
    return redirect("forum:bookmarks")


@login_required
def bookmarks(request):
    """The bookmarks of the user, the newest first."""
    page = page_number(request)
    first = (page - 1) * BOOKMARKS_PER_PAGE
    listed = Bookmark.objects.readable_by(reader_of(request)).select_related("post__topic__subforum", "post__author")
    listed = listed.defer("post__source")
    rows = list(listed.order_by("-pk").fetch_mode(FETCH_RAISE)[first : first + BOOKMARKS_PER_PAGE + 1])
    if page > 1 and not rows:
        raise Http404
    has_more, shown = len(rows) > BOOKMARKS_PER_PAGE, rows[:BOOKMARKS_PER_PAGE]
    with_excerpts(row.post for row in shown)
    context = {
        "bookmarks": shown,
        "pages": Pages(page, page + has_more, ListAddress(request.path)),
        "nav": "bookmarks",
    }
    return render(request, "forum/bookmarks.html", context)


def _post(user: User, post_id: int) -> Post:
    posts = Post.objects.visible_to(user).readable().select_related("topic", "author")
    return get_object_or_404(posts, pk=post_id)
