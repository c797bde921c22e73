"""Redirects of old URLs of topics to where their posts are now, instead of 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse

from accounts.readers import reader_of
from forum import redirects


class SameAgain(HttpResponseRedirect):
    """307: the browser repeats the POST at the new URL, so that typed text is not lost."""

    status_code = 307


def moved(address: str) -> HttpResponse:
    """301 with no-cache: browsers revalidate it, because a title may change back and a merge be undone."""
    response = HttpResponseRedirect(address)
    response.status_code = 301
    response["Cache-Control"] = "no-cache"
    return response


def leads_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for views of one topic: on Http404, redirect to where the topic's posts are now, if anywhere."""

    @wraps(view)
    def answer(request, topic_id: int, **kwargs: Any):
        try:
            return view(request, topic_id=topic_id, **kwargs)
        except Http404:
            address = _address(request, topic_id, **kwargs)
            if address is None:
                raise
            return SameAgain(address) if request.method == "POST" else moved(address)

    return answer


def leads_on_to_subforum(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for views of one subforum: on Http404, redirect to where it is now, if it was renamed or removed."""

    @wraps(view)
    def answer(request, slug: str, **kwargs: Any):
        try:
            return view(request, slug=slug, **kwargs)
        except Http404:
            found = redirects.subforum_once_at(reader_of(request), slug)
            if found is None:
                raise
            return moved(reverse(resolve(request.path_info).view_name, args=[found.slug]))

    return answer


def _address(request, topic_id: int, slug: str = "", page: int | None = None) -> str | None:
    reader = reader_of(request)
    if slug or page:
        return redirects.address_of_page(reader, topic_id, page or 1)
    target = redirects.topic_merged_into(reader, topic_id)
    if target is None:
        return None
    name = resolve(request.path_info).view_name
    return target.get_absolute_url() if name == "forum:topic-by-id" else reverse(name, args=[target.pk])
