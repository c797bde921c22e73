"""The page of a hidden topic for its author: what happened, why, and the own text. For everybody else it is a 404."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts import security_log
from accounts.readers import is_member, user_of
from forum.extensions import fragments
from forum.models import Topic
from forum.permissions import can_open_topic
from forum.views.old_addresses import moved


def tells_its_author(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for pages of one topic: on Http404, tell its author why it is hidden."""

    @wraps(view)
    def answer(request, topic_id: int, **kwargs: Any):
        try:
            return view(request, topic_id=topic_id, **kwargs)
        except Http404:
            response = _told(request, topic_id, **kwargs) if is_member(request) else None
            if response is None:
                raise
            return response

    return answer


def _told(request, topic_id: int, slug: str = "", page: int | None = None) -> HttpResponse | None:
    if request.method not in {"GET", "HEAD"} or page not in {None, 1}:
        return None
    author = user_of(request)
    topic = Topic.objects.hidden_from(author).select_related("subforum__section").filter(pk=topic_id).first()
    parts = fragments.hidden_topic_parts(author, topic) if topic else []
    if topic is None or not parts:
        return None
    if slug != topic.slug or page:
        return moved(topic.get_absolute_url())
    security_log.note("own-words-given", request, topic=topic.pk)
    context: dict[str, Any] = {
        "topic": topic,
        "subforum": topic.subforum,
        "parts": parts,
        "may_open": can_open_topic(author, topic.subforum),
        "key": uuid.uuid4(),
        "nav": "forum",
    }
    return render(request, "forum/hidden_topic.html", context)
