"""The latest topics and the latest posts, with filters in the address."""

from django.shortcuts import render
from django.utils.http import urlencode

from accounts.readers import Reader, reader_of
from crossings.forms import LatestForm
from crossings.links.latest import posts_for, topics_for
from forum.pages import keyset, topic_list, wrong_filters
from forum.pages.written_posts import with_all_that_is_shown, with_excerpts
from forum.views.topic_lists import rows_of
from pagecache.versions import keepable

POSTS_PER_PAGE = 30


@keepable("forum")
def latest_topics(request):
    reader, after = reader_of(request), keyset.read_place(request.GET.get("after", ""))
    form, wrong = _form(request, reader)
    topics = keyset.newest_first(topics_for(reader, form), "last_post_at", after)
    rows, has_more = topic_list.seldom_asked(reader, topics, 1)
    ended_at = rows[-1].last_post_at if has_more else None
    return _respond(
        request, form, "crossings/latest_topics.html", str(keyset.Place(ended_at, rows[-1].pk)) if ended_at else "",
        topics=rows_of(reader, rows, 1, with_subforum=True), has_topics=bool(rows),
        wrong_filters=wrong,
    )  # fmt: skip


@keepable("forum")
def latest_posts(request):
    reader, after = reader_of(request), keyset.read_place(request.GET.get("after", ""))
    form, wrong = _form(request, reader)
    found = with_all_that_is_shown(keyset.newest_first(posts_for(reader, form), "written_at", after))
    posts, has_more = keyset.page_of(found, POSTS_PER_PAGE)
    next_after = str(keyset.Place(posts[-1].written_at, posts[-1].pk)) if has_more else ""
    shown = {"posts": with_excerpts(posts), "wrong_filters": wrong}
    return _respond(request, form, "crossings/latest_posts.html", next_after, **shown)


def _form(request, reader: Reader) -> tuple[LatestForm, tuple[str, ...]]:
    """Without what means nothing to this reader, such as a subforum that they may not read, and that by its name."""
    return wrong_filters.form_without(lambda data: LatestForm(reader, data), request.GET)


def _respond(request, form: LatestForm, template: str, next_after: str, **shown: object):
    query = {name: form.data[name] for name in form.asked}
    is_first_page = "after" not in request.GET
    context = {
        "form": form,
        "is_filtered": bool(query),
        # The same filters, on the other of the two lists and on other pages of this.
        "query": f"?{urlencode(query)}" if query else "",
        "first_url": f"{request.path}?{urlencode(query)}" if query else request.path,
        "next_url": f"{request.path}?{urlencode({**query, 'after': next_after})}" if next_after else "",
        "is_first_page": is_first_page,
        "canonical": request.path if is_first_page and not query else "",
        "nav": "latest",
        **shown,
    }
    return render(request, template, context)
