"""Old addresses of topics lead to where their posts are now, instead of nowhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse

from accounts.readers import reader_of
from forum import redirects


class SameAgain(HttpResponseRedirect):
    """What was sent is sent once more, to the other address: typed text is not lost."""

    status_code = 307


def moved(address: str) -> HttpResponse:
    """For ever; but asked again each time, because a title may get its old words back, and a merging be undone."""
    response = HttpResponseRedirect(address)
    response.status_code = 301
    response["Cache-Control"] = "no-cache"
    return response


def leads_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one topic: where there is none any more, its address leads to the topic it was merged into."""

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


def _address(request, topic_id: int, slug: str = "", page: int | None = None) -> str | None:
    reader = reader_of(request)
    if slug or page:
        return redirects.address_of_page(reader, topic_id, page or 1)
    target = redirects.topic_merged_into(reader, topic_id)
    if target is None:
        return None
    name = resolve(request.path_info).view_name
    return target.get_absolute_url() if name == "forum:topic-by-id" else reverse(name, args=[target.pk])
