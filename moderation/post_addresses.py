"""IP addresses of posts: deleted after a while, shown to moderators one post at a time, and each look is logged."""

import ipaddress
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.limits.rate_limits import address_block, client_address
from accounts.models import User
from accounts.readers import as_reader
from forum.models import Post, Subforum
from moderation.actions.base import lock_judged_post
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import ModerationEntry, PostAddress, Verb
from pagecache.prepared import run

# A second look at the same post within this time is not logged again.
ONE_LOOK = timedelta(hours=1)
AT_ONCE = 1_000
SHOWN = 50


class Asking(NamedTuple):
    """The current request, and when it began."""

    request: HttpRequest
    since: datetime


_asking: ContextVar[Asking | None] = ContextVar("asking", default=None)


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: makes the current POST request available to `note`; there is none in tasks and commands."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return get_response(request)
        token = _asking.set(Asking(request, timezone.now()))
        try:
            return get_response(request)
        finally:
            _asking.reset(token)

    return answer


def note(post: Post) -> None:
    """Store the IP address of a post that the current request writes; not of one it only approves."""
    asking = _asking.get()
    if asking is None or post.written_at < asking.since:
        return
    if address := _stored(client_address(asking.request)):
        run(_NOTE, [post.pk, address, post.written_at], writes=PostAddress)


# Said in SQL, because every reply says it.
_NOTE = """
    INSERT INTO moderation_postaddress (post_id, address, at) VALUES (%s, %s::text::inet, %s) ON CONFLICT DO NOTHING
"""


def _stored(address: str) -> str | None:
    """The IP address as stored, without an IPv6 zone; None if it is invalid."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)


@transaction.atomic
def look(user: User, post: Post) -> str | None:
    """The IP address a post was written from, if still stored. The look is logged, once an hour.

    Raises NotAllowed: moderators may only look at posts of members they outrank.
    """
    post = lock_judged_post(user, post)
    now = timezone.now()
    looked = ModerationEntry.objects.filter(by=user, post=post, verb=Verb.LOOK, at__gt=now - ONE_LOOK)
    if not looked.exists():
        entries.write(
            user, Verb.LOOK, Why(), subforum=post.topic.subforum, topic=post.topic, post=post, member=post.author
        )
    return PostAddress.objects.filter(post=post, at__gte=oldest()).values_list("address", flat=True).first()


def others_from(user: User, post: Post, address: str) -> list[Post]:
    """Other posts from that address or its IPv6 /64, by members whom this moderator may judge."""
    here = PostAddress.objects.within(address_block(address)).filter(at__gte=oldest())
    posts = Post.objects.visible_to(user).filter(pk__in=here.values("post")).exclude(pk=post.pk)
    posts = posts.exclude(author__is_staff=True)
    reader = as_reader(user)
    if not reader.is_staff:
        equals = Subforum.moderators.through.objects.filter(
            subforum=OuterRef("topic__subforum"), user=OuterRef("author")
        )
        posts = posts.filter(topic__subforum__in=reader.moderates_ids).exclude(Exists(equals))
    return list(posts.select_related("topic", "author").order_by(F("written_at").desc(), "-pk")[:SHOWN])


def oldest() -> datetime:
    """The time before which addresses are due for deletion, and no longer shown."""
    return timezone.now() - timedelta(days=settings.ADDRESSES_KEPT_DAYS)


def forget_old() -> int:
    """Delete expired addresses; returns how many. Called nightly (config/worker/nightly.py)."""
    count = 0
    while ids := list(PostAddress.objects.filter(at__lt=oldest()).values_list("pk", flat=True)[:AT_ONCE]):
        count += PostAddress.objects.filter(pk__in=ids).delete()[0]
    return count
