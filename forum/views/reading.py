"""Pages one reads: the index, a subforum's topics, a topic."""

import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import FETCH_RAISE, Count, OuterRef, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.models.user import badge_titles
from forum import markup, parts, showing
from forum import unread as reading
from forum.finding import find_banner, find_topic
from forum.models import Answer, Post, Reaction, RulesBanner, Section, Subforum, Topic
from forum.models.topic import TOPICS_PER_PAGE, page_of
from forum.paging import Pages
from forum.permissions import can_administer, can_reply
from forum.versions import keepable
from forum.views import composing

UNANSWERED_ON_INDEX = 5
_INDEX_COLUMNS = [
    "section", "name", "slug", "description", "icon", "topics_count", "posts_count", "version", "last_post__written_at",
    "last_post__topic__title", "last_post__author__username",
]  # fmt: skip
TABS = {"unread", "unanswered", "answered"}
ANSWERS_SHOWN = 20
# Newer topics need no warning; the years are counted from here on.
OLD_AFTER = timedelta(days=365)


@keepable("forum")
def index(request):
    shown = (
        Subforum.objects.visible_to(request.user)
        .select_related("last_post__topic", "last_post__author")
        .only(*_INDEX_COLUMNS)
        .order_by("position", "pk")
        .fetch_mode(FETCH_RAISE)
    )
    sections = [
        section
        for section in Section.objects.prefetch_related(Prefetch("subforums", queryset=shown, to_attr="shown"))
        if section.shown
    ]
    _add_unread_counts(request.user, sections)
    context = {
        "sections": sections,
        "unanswered": _unanswered(request.user)[:UNANSWERED_ON_INDEX],
        "thanked": _thanked_lately(),
        "figures": _figures(sections),
        "until": timezone.now(),
        **_about("/", "", "Newest posts", reverse("forum:feed")),
        "next_steps": [] if sections else _next_steps(request.user),
        "nav": "forum",
    }
    return render(request, "forum/index.html", context)


@keepable("subforum", "slug")
def subforum(request, slug: str):
    found = get_object_or_404(Subforum.objects.visible_to(request.user).select_related("section"), slug=slug)
    tab = _tab(request)
    topics = _topics_of(request.user, found, tab)
    page, rows, has_more = page_of_topics(request, topics)
    parts.add_parts(request.user, rows)
    query = "?page={}" if tab == "all" else f"?tab={tab}&page={{}}"
    last = max(_pages_of(found.topics_count), page + has_more) if tab == "all" else page + has_more
    context = {
        "subforum": found,
        "topics": rows,
        "tab": tab,
        **_about(
            found.get_absolute_url() + ("" if page == 1 or tab != "all" else f"?page={page}"),
            found.name,
            found.name,
            reverse("forum:subforum-feed", args=[found.slug]) if found.is_readable_by_all else "",
            found.description,
        ),
        "until": timezone.now(),
        "unread_count": reading.counts(request.user, fresh=True).get(found.pk) if request.user.is_authenticated else 0,
        "pages": Pages(page, last, lambda number: found.get_absolute_url() + query_of_page(query, number)),
        "banner": RulesBanner.objects.select_related("set_by").filter(subforum=found).first(),
        "nav": "forum",
    }
    return render(request, "forum/subforum.html", context)


def _tab(request) -> str:
    asked = request.GET.get("tab", "")
    if asked == "unread" and not request.user.is_authenticated:
        return "all"
    return asked if asked in TABS else "all"


def _topics_of(user: User, found: Subforum, tab: str):
    if tab == "unread":
        return reading.unread_topics(user).filter(subforum=found).latest_first()
    topics = Topic.objects.visible_to(user).filter(subforum=found)
    if tab == "answered":
        return topics.answered().latest_first()
    return topics.unanswered().latest_first() if tab == "unanswered" else topics.pinned_first()


@keepable("forum")
def unanswered(request):
    page, rows, has_more = page_of_topics(request, _unanswered(request.user))
    parts.add_parts(request.user, rows)
    pages = Pages(page, page + has_more, lambda number: request.path + query_of_page("?page={}", number))
    context = {"topics": rows, "pages": pages, "canonical": request.path, "nav": "unanswered"}
    return render(request, "forum/unanswered.html", context)


def topic_by_id(request, topic_id: int):
    return redirect(get_object_or_404(Topic.objects.visible_to(request.user), pk=topic_id), permanent=True)


@keepable("topic", "topic_id")
def topic(request, topic_id: int, slug: str, page: int | None = None):
    found = find_topic(request.user, topic_id)
    if page == 0 or (page or 1) > found.last_page:
        raise Http404
    if slug != found.slug or page == 1:  # a page has one address
        return _moved(found.url_of_page(page or 1))
    return render(request, "forum/topic.html", topic_page(request.user, found, page or 1))


def _moved(address: str):
    """On to the present address; asked again each time, because a title may get its old words back."""
    response = redirect(address, permanent=True)
    response["Cache-Control"] = "no-cache"
    return response


def topic_page(user: User, found: Topic, page: int) -> dict:
    """What the page of a topic shows; a member's visit is noted."""
    rows = showing.posts_of_page(user, found, page)
    answers = _answers(found)
    more = parts.page_parts(user, found, rows)
    context = {
        "topic": found,
        "parts": more,
        "rules_key": parts.key_of(more.in_rules),
        "subforum": found.subforum,
        "banner": find_banner(found.subforum, found.site_version),
        "posts": showing.finished_posts(
            user, found, rows, {answer.post_id: answer for answer in answers}, more.by_post
        ),
        **_about_topic(found, page, rows),
        "answers": answers,
        "pages": Pages(page, found.last_page, found.url_of_page),
        **_reply_form(user, found),
        "age_years": _age_in_years(found),
        "nav": "forum",
    }
    if user.is_authenticated:
        _note_reading(user, found, rows)
    return context


def post(request, post_id: int):
    """A post's address for ever: on to where it stands today."""
    found = get_object_or_404(Post.objects.visible_to(request.user).select_related("topic"), pk=post_id)
    return redirect(f"{found.topic.url_of_page(page_of(found.number))}#p{found.pk}")


def _about(canonical: str, title: str, feed_title: str, feed_url: str, description: str = "") -> dict:
    """What the head of a page says to programs: its one address, its title, its feed."""
    about: dict = {"canonical": canonical, "og_title": title, "og_description": description}
    if feed_url:
        about["feed"] = {"title": feed_title, "url": feed_url}
    return about


def _about_topic(found: Topic, page: int, rows: list[showing.Row]) -> dict:
    public = found.subforum.is_readable_by_all and found.is_readable
    feed = reverse("forum:topic-feed", args=[found.pk]) if public else ""
    first = rows[0] if rows and rows[0].is_readable else None
    words, discussion = showing.head_of(first) if first else ("", "")
    about = _about(found.url_of_page(page), found.title, found.title, feed, words)
    if public and first and first.is_opening_post:
        about["discussion"] = discussion
    return about | {"og_type": "article"}


def _reply_form(user: User, found: Topic) -> dict:
    """The form under the posts, with the text the member has not sent yet."""
    if not can_reply(user, found):
        return {"form": None}
    form = {"key": uuid.uuid4(), "seen": found.last_number, "longest": markup.MAX_SOURCE_LENGTH}
    return {"form": form, **composing.composer(found, found.draft)}


def _answers(found: Topic) -> list:
    """The topic's standing answers, those of experts first."""
    if not found.answers_count:
        return []
    answers = Answer.objects.standing().filter(post__topic=found).select_related("post__author", "accepted_by")
    answers = answers.annotate(author_badges=badge_titles(OuterRef("post__author_id")))
    listed = list(answers.order_by("post__number").fetch_mode(FETCH_RAISE)[:ANSWERS_SHOWN])
    return sorted(listed, key=lambda answer: not answer.author_badges)


def _note_reading(user: User, found: Topic, rows: list[showing.Row]) -> None:
    """Nothing is written for what counts as read already."""
    if any(reading.is_new(row, found) for row in rows):
        reading.note_reading(user, found, rows[-1].number)


def _add_unread_counts(user: User, sections) -> None:
    counts = reading.counts(user, fresh=True) if user.is_authenticated else {}
    for section in sections:
        for subforum in section.shown:
            subforum.unread_count = counts.get(subforum.pk, 0)


def _unanswered(user: User):
    topics = Topic.objects.visible_to(user).unanswered().latest_first().with_list_columns()
    return topics.fetch_mode(FETCH_RAISE)


def page_of_topics(request, topics, size: int = TOPICS_PER_PAGE) -> tuple[int, list[Topic], bool]:
    """The page asked for, its rows, and whether there are more: one row more than is shown tells."""
    page = _page_number(request)
    first = (page - 1) * size
    if request.user.is_authenticated:
        topics = reading.with_reading(topics, request.user)
    rows = list(topics.with_list_columns().fetch_mode(FETCH_RAISE)[first : first + size + 1])
    for row in rows:
        row.is_unread = request.user.is_authenticated and reading.is_unread(row)
    if not rows and page > 1:
        raise Http404
    return page, rows[:size], len(rows) > size


def _page_number(request) -> int:
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked) > 0):
        raise Http404
    return int(asked)


def query_of_page(query: str, number: int) -> str:
    """The query of a page; the first page of a plain list has none, so that it has one address."""
    return "" if number == 1 and query == "?page={}" else query.format(number)


def _pages_of(count: int) -> int:
    return max(1, -(-count // TOPICS_PER_PAGE))


def _thanked_lately() -> list[dict]:
    """A side figure: it may be a minute old."""
    made_at, rows = _thanked.get("rows", (0.0, []))
    if not made_at or time.monotonic() - made_at > settings.KEPT_SECONDS:
        rows = _thanked_this_week()
        _thanked["rows"] = (time.monotonic(), rows)
    return rows


_thanked: dict[str, tuple[float, list[dict]]] = {}


def _thanked_this_week() -> list[dict]:
    """Who was found helpful most in the last seven days, on posts that everybody may read."""
    found = (
        User.objects.filter(
            posts__in=Post.objects.readable_by_all(),
            posts__reactions__kind=Reaction.Kind.HELPFUL,
            posts__reactions__given_at__gte=timezone.now() - timedelta(days=7),
        )
        .annotate(thanks=Count("posts__reactions", filter=Q(posts__reactions__kind=Reaction.Kind.HELPFUL)))
        .with_badges()
        .order_by("-thanks", "pk")[:3]
    )
    return [{"user": user, "count": user.thanks, "badge": next(iter(user.badge_titles), "")} for user in found]


def _figures(sections) -> dict[str, int]:
    subforums = [subforum for section in sections for subforum in section.shown]
    return {
        "topics": sum(subforum.topics_count for subforum in subforums),
        "posts": sum(subforum.posts_count for subforum in subforums),
    }


def _next_steps(user: User) -> list[dict]:
    """What an empty forum needs first."""
    has_administrator = User.objects.filter(is_staff=True).exists()
    is_administrator = can_administer(user)
    return [
        {
            "title": "Make the first administrator",
            "text": "In a terminal on this machine: ./run --empty manage createsuperuser. Then sign in.",
            "url": "" if has_administrator else None,
            "done": has_administrator,
        },
        {
            "title": "Make sections and subforums",
            "text": "The staff pages have them, with access, moderators and rules. Sign in as the administrator.",
            "url": "forum:staff" if is_administrator else "account_login",
            "done": False,
        },
    ]


def _age_in_years(found: Topic) -> int | None:
    """How many full years ago a topic was opened, if its first posts may mislead by now."""
    age = timezone.now() - found.opened_at
    return age.days // 365 if age > OLD_AFTER else None
