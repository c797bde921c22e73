"""Names for the list that a script shows while a member types after an @."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import cache_control

from accounts.limits import rate_limits
from accounts.models import User
from accounts.text import names
from forum.models import Post, Subforum, Topic
from forum.models.subforum import readers_of

SHOWN = 6
RECENT_POSTS = 200  # of a topic, whose authors come first


@login_required
@cache_control(private=True, max_age=60)
def mention_names(request):
    """At most SHOWN names that begin with `q`: the authors of the `topic` first, without `q` they alone, then others.

    JSON: {"names": [...]}. Nobody is named who may not read the subforum, cannot write at present, or is ignored by the
    reader. `topic` is the primary key of a topic, or `subforum` the slug of a subforum, that the reader may read.
    """
    begins = names.normalise(request.GET.get("q", "").replace("\0", ""))[: names.MAX_LENGTH].lower()
    subforum, authors = _place(request)
    rate_limits.take("mention", request)
    free = Q(suspended_until=None) | Q(suspended_until__lte=timezone.now())
    members = User.objects.listed().filter(free, readers_of(subforum)).exclude(pk=request.user.pk)
    members = members.exclude(ignored_by__user=request.user).annotate(name=Lower("username"))
    if begins:
        members = members.filter(name__startswith=begins)
    found = list(members.filter(pk__in=authors).order_by("name", "pk")[:SHOWN])
    if begins and len(found) < SHOWN:
        found += members.exclude(pk__in=[member.pk for member in found]).order_by("name", "pk")[:SHOWN]
    return JsonResponse({"names": [member.username for member in found[:SHOWN]]})


def _place(request) -> tuple[Subforum, QuerySet | list]:
    """The subforum in which one writes, and the primary keys of those who wrote in the topic lately."""
    pk, slug = request.GET.get("topic", ""), request.GET.get("subforum", "")
    if pk.isascii() and pk.isdecimal() and len(pk) < 19:
        topics = Topic.objects.visible_to(request.user).select_related("subforum")
        topic = get_object_or_404(topics, pk=pk)
        posts = Post.objects.readable().filter(topic=topic, number__gt=topic.last_number - RECENT_POSTS)
        return topic.subforum, posts.values("author")
    if not slug or "\0" in slug:
        raise Http404
    return get_object_or_404(Subforum.objects.visible_to(request.user), slug=slug), []
