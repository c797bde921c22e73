"""The live line of an open topic: how many replies came since the page was made."""

import hashlib

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response

from accounts.readers import Reader, ignored_ids, reader_of
from forum.models import Post, Topic
from pagecache.prepared import MARK, statement
from pagecache.versions import keepable

MOST_COUNTED = 100


@keepable("topic", "topic_id")
def new_replies(request, topic_id: int, number: int):
    """The replies after a number, as a fragment; empty if there are none, 304 if nothing changed since last asked.

    A topic that did not change costs one query, which reads no posts; visitors get it from the page cache.
    """
    reader = reader_of(request)
    version, last_number = _version(reader, topic_id)
    etag = _etag(reader, version, last_number)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    replies = _replies(reader, topic_id, number) if last_number > number else []
    return HttpResponse(_line(replies) if replies else "", headers={"ETag": etag, "X-Robots-Tag": "noindex"})


def address_of_news(topic: Topic) -> str:
    """Where the page of a topic asks for replies that are newer than itself; empty if none can come."""
    if not topic.is_readable or topic.is_locked:
        return ""
    return reverse("forum:new-replies", args=[topic.pk, topic.last_number])


def _version(reader: Reader, topic_id: int) -> tuple[int, int]:
    """Version and last number of a topic that the reader may read, by one query. Raises Http404."""
    shared = reader.shared(MARK + 1)
    rows = statement(("version of a topic", shared), lambda: _versions(shared)).rows(topic_id, reader.pk or 0)
    if not rows:
        raise Http404
    version, last_number = rows[0]
    return version, last_number


def _versions(reader: Reader):
    return Topic.objects.visible_to(reader).filter(pk=MARK).order_by().values_list("version", "last_number")


def _etag(reader: Reader, *numbers: int) -> str:
    """An ETag of everything that the line depends on; weak, because the response may be compressed."""
    shown = repr((reader.pk, ignored_ids(reader), numbers))
    return f'W/"{hashlib.sha256(shown.encode()).hexdigest()[:24]}"'


def _replies(reader: Reader, topic_id: int, number: int) -> list[int]:
    """The newer readable posts of others, without those of members whom the reader ignores."""
    newer = Post.objects.readable().filter(topic=topic_id, number__gt=number)
    newer = newer.exclude(author__in=[*ignored_ids(reader), reader.pk or 0])
    return list(newer.order_by("number").values_list("pk", flat=True)[:MOST_COUNTED])


def _line(replies: list[int]) -> str:
    count = len(replies)
    context = {"count": count, "is_more": count == MOST_COUNTED, "first": replies[0]}
    return render_to_string("forum/_new_replies.html", context)
