"""The list of unread topics, the first unread post of a topic, and "mark all read"."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.db.models import FETCH_ONE
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.readers import Reader, reader_of
from forum.models import Subforum
from forum.models.topic import TopicQuerySet
from forum.pages import respond, topic_list
from forum.pages.pagination import ListAddress, Pages
from forum.pages.queries import find_topic
from forum.unread import counts, first_unread_post, mark_all_read, since, unread_topics
from forum.views.old_addresses import leads_on
from forum.views.topic_lists import moment, page_number, rows_of
from pagecache.prepared import moment_mark


@login_required
def unread(request):
    """The topics with unread posts, newest first."""
    reader, page, until = reader_of(request), page_number(request), moment()
    counts(reader, fresh=True)
    rows, has_more = topic_list.often_asked(reader, "unread", _newest_first, page, since(reader))
    return respond.answer(
        request,
        reader,
        "forum/unread.html",
        {"topics": rows_of(reader, rows, page, with_subforum=True), "until": until},
        nav="unread",
        has_topics=bool(rows),
        pages=Pages(page, page + has_more, ListAddress(request.path)),
    )


def _newest_first(reader: Reader) -> TopicQuerySet:
    return unread_topics(reader, moment_mark(0)).latest_first()


@login_required
@leads_on
def first_unread(request, topic_id: int):
    """Redirects to the first unread post, or to the last post if all are read."""
    reader = reader_of(request)
    topic = find_topic(reader, topic_id, FETCH_ONE)
    post = first_unread_post(reader, topic) or topic.last_post
    return redirect(topic.url_of_post(post, reader) if post else topic)


@login_required
def mark_read(request, slug: str | None = None):
    """Mark one subforum, or the whole forum, as read. A GET, as after signing in, only redirects."""
    subforum = get_object_or_404(Subforum.objects.visible_to(request.user), slug=slug) if slug else None
    if request.method == "POST":
        mark_all_read(request.user, _until(request), subforum)
        messages.success(request, "Marked as read.")
    return redirect(subforum or "forum:index")


def _until(request):
    """When the page with the button was rendered. Raises BadRequest."""
    asked = request.POST.get("until", "")
    try:
        until = parse_datetime(asked) if asked else timezone.now()
    except ValueError:
        until = None
    if until is None or timezone.is_naive(until):
        raise BadRequest("until is no moment")
    return until
