"""Feeds, the sitemap and robots.txt. They contain what visitors may read, even for members."""

from django.db.models import FETCH_RAISE
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.limits.work_limits import costs
from accounts.readers import VISITOR
from accounts.site_info import site_name
from forum import feeds
from forum.extensions import sitemaps
from forum.models import Post, Subforum, Topic
from forum.views.old_addresses import leads_on, leads_on_to_subforum
from pagecache.versions import keepable

# Topics are listed by ranges of primary keys, so that the last part costs as much as the first.
TOPICS_PER_PART = 5_000
CLOSED_TO_ROBOTS = [
    "/account/", "/search/", "/settings/", "/staff/", "/theme/", "/drafts/", "/bookmarks/", "/unread/",
    "/notifications/", "/watches/", "/letters/", "/through/",
]  # fmt: skip


@keepable("forum")
@costs("feed")
def feed(request):
    return _atom(f"{site_name()}: newest posts", reverse("forum:index"), request.path, Post.objects.all())


@leads_on_to_subforum
@keepable("subforum", "slug")
@costs("feed")
def subforum_feed(request, slug: str):
    found = get_object_or_404(Subforum.objects.visible_to(VISITOR), slug=slug)
    posts = Post.objects.filter(topic__subforum=found)
    return _atom(found.name, found.get_absolute_url(), request.path, posts)


@leads_on
@keepable("topic", "topic_id")
@costs("feed")
def topic_feed(request, topic_id: int):
    found = get_object_or_404(Topic.objects.visible_to(VISITOR), pk=topic_id)
    return _atom(found.title, found.get_absolute_url(), request.path, found.posts.all())


@keepable("forum")
def sitemap(request):
    """The sitemap index: one part for the subforums, one for each range of topics, and those of other apps."""
    readable = Topic.objects.visible_to(VISITOR).readable()
    last = readable.order_by("-pk").values_list("pk", flat=True).first() or 0  # max() would read all of them
    parts = range(1, last // TOPICS_PER_PART + 2)
    addresses = [reverse("forum:sitemap-subforums"), *(reverse("forum:sitemap-topics", args=[part]) for part in parts)]
    addresses += [reverse("forum:sitemap-part", args=[name]) for name in sitemaps.parts]
    return _xml(request, "forum/sitemap_index.xml", [feeds.absolute(address) for address in addresses])


@keepable("forum")
def sitemap_of_subforums(request):
    """Those with topics: an empty one asks not to be listed."""
    with_topics = Subforum.objects.visible_to(VISITOR).filter(topics_count__gt=0)
    found = with_topics.select_related("last_post").fetch_mode(FETCH_RAISE)
    pages: list[tuple] = [(feeds.absolute(reverse("forum:index")), None)]
    pages += [(feeds.absolute(row.get_absolute_url()), row.last_post and row.last_post.written_at) for row in found]
    return _xml(request, "forum/sitemap.xml", pages)


@keepable("forum")
def sitemap_of_topics(request, part: int):
    first = (part - 1) * TOPICS_PER_PART
    if part < 1:
        raise Http404
    found = Topic.objects.visible_to(VISITOR).readable().filter(pk__range=(first, first + TOPICS_PER_PART - 1))
    rows = found.order_by("pk").only("pk", "slug", "last_post_at")
    pages = [(feeds.absolute(row.get_absolute_url()), row.last_post_at) for row in rows]
    if not pages and part > 1:
        raise Http404
    return _xml(request, "forum/sitemap.xml", pages)


@keepable("forum")
def sitemap_part(request, name: str):
    """A part that another app has registered (forum/extensions/sitemaps.py)."""
    if name not in sitemaps.parts:
        raise Http404
    pages = [(feeds.absolute(address), changed) for address, changed in sitemaps.parts[name]()]
    return _xml(request, "forum/sitemap.xml", pages)


def robots(request):
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    lines.append(f"Sitemap: {feeds.absolute(reverse('forum:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _atom(title: str, path: str, feed_path: str, posts):
    xml = feeds.atom(title, path, feed_path, feeds.newest(posts))
    return HttpResponse(xml, content_type="application/atom+xml; charset=utf-8")


def _xml(request, template: str, rows):
    return render(request, template, {"rows": rows}, content_type="application/xml; charset=utf-8")
