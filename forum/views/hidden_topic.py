"""The pages of a hidden topic and of a hidden post for their author: what happened, why, and the own text.

For everybody else they are a 404.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.logs import security_log
from accounts.models import User
from accounts.readers import is_member, user_of
from forum.extensions import fragments
from forum.models import Post, Subforum, Topic
from forum.permissions import can_open_topic, can_reply
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


def tells_the_author_of_a_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for the address of one post: on Http404, tell its author why it is hidden."""

    @wraps(view)
    def answer(request, post_id: int):
        try:
            return view(request, post_id=post_id)
        except Http404:
            response = _told_of_post(request, post_id) if is_member(request) else None
            if response is None:
                raise
            return response

    return answer


def _told_of_post(request, post_id: int) -> HttpResponse | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    author = user_of(request)
    joined = Post.objects.hidden_from(author).select_related("topic__subforum__section", "topic__author")
    post = joined.filter(pk=post_id).first()
    if post is None:
        return None
    if post.is_opening_post and (found := _hidden_topic(author, post.topic_id)):
        return redirect(found.get_absolute_url()) if fragments.hidden_topic_parts(author, found) else None
    parts = fragments.hidden_post_parts(author, post)
    if not parts:
        return None
    security_log.note("own-words-given", request, post=post.pk)
    topic, is_place_readable = post.topic, _may_read(author, post.topic.subforum_id)
    context = {
        "post": post,
        "topic": topic,
        # The title of a topic that stands where the author may read, or of their own there.
        "is_named": is_place_readable and (topic.is_readable or topic.author_id == author.pk),
        "is_place_readable": is_place_readable,
        "subforum": topic.subforum,
        "parts": parts,
        "may_reply": is_place_readable and topic.is_readable and can_reply(author, topic),
        "key": uuid.uuid4(),
        "nav": "forum",
    }
    return render(request, "forum/hidden_post.html", context)


def _may_read(author: User, subforum_id: int) -> bool:
    return Subforum.objects.visible_to(author).filter(pk=subforum_id).exists()


def _hidden_topic(author: User, topic_id: int) -> Topic | None:
    return Topic.objects.hidden_from(author).select_related("subforum__section").filter(pk=topic_id).first()


def _told(request, topic_id: int, slug: str = "", page: int | None = None) -> HttpResponse | None:
    if request.method not in {"GET", "HEAD"} or page not in {None, 1}:
        return None
    author = user_of(request)
    topic = _hidden_topic(author, topic_id)
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
