"""Pages one reads: the index, a subforum's topics, a topic."""

from datetime import timedelta

from django.db.models import FETCH_RAISE, Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import User
from forum import parts
from forum.forms import PostForm
from forum.models import Post, Reaction, RulesBanner, Section, Subforum, Topic
from forum.models.topic import TOPICS_PER_PAGE, page_of
from forum.paging import Pages
from forum.permissions import can_administer, can_moderate, can_reply

UNANSWERED_ON_INDEX = 5
# Newer topics need no warning; the years are counted from here on.
OLD_AFTER = timedelta(days=365)


def index(request):
    shown = (
        Subforum.objects.visible_to(request.user)
        .select_related("last_post__topic", "last_post__author")
        .order_by("position", "pk")
        .fetch_mode(FETCH_RAISE)
    )
    sections = [
        section
        for section in Section.objects.prefetch_related(Prefetch("subforums", queryset=shown, to_attr="shown"))
        if section.shown
    ]
    context = {
        "sections": sections,
        "unanswered": _unanswered(request.user)[:UNANSWERED_ON_INDEX],
        "thanked": _thanked_this_week(),
        "figures": _figures(sections),
        "next_steps": [] if sections else _next_steps(request.user),
        "nav": "forum",
    }
    return render(request, "forum/index.html", context)


def subforum(request, slug: str):
    found = get_object_or_404(Subforum.objects.visible_to(request.user).select_related("section"), slug=slug)
    tab = "unanswered" if request.GET.get("tab") == "unanswered" else "all"
    topics = Topic.objects.visible_to(request.user).filter(subforum=found)
    topics = topics.unanswered().latest_first() if tab == "unanswered" else topics.pinned_first()
    page, rows, has_more = _page_of_topics(request, topics)
    parts.add_parts(parts.Place.TOPIC_LIST, request.user, rows)
    query = "?tab=unanswered&page={}" if tab == "unanswered" else "?page={}"
    last = page + has_more if tab == "unanswered" else max(_pages_of(found.topics_count), page + has_more)
    context = {
        "subforum": found,
        "topics": rows,
        "tab": tab,
        "pages": Pages(page, last, lambda number: found.get_absolute_url() + _query(query, number)),
        "banner": RulesBanner.objects.select_related("set_by").filter(subforum=found).first(),
        "nav": "forum",
    }
    return render(request, "forum/subforum.html", context)


def unanswered(request):
    page, rows, has_more = _page_of_topics(request, _unanswered(request.user))
    parts.add_parts(parts.Place.TOPIC_LIST, request.user, rows)
    pages = Pages(page, page + has_more, lambda number: request.path + _query("?page={}", number))
    return render(request, "forum/unanswered.html", {"topics": rows, "pages": pages, "nav": "unanswered"})


def topic_by_id(request, topic_id: int):
    return redirect(get_object_or_404(Topic.objects.visible_to(request.user), pk=topic_id), permanent=True)


def topic(request, topic_id: int, slug: str, page: int | None = None):
    found = get_object_or_404(
        Topic.objects.visible_to(request.user).select_related("subforum__section", "author").fetch_mode(FETCH_RAISE),
        pk=topic_id,
    )
    if page == 0 or (page or 1) > found.last_page:
        raise Http404
    if slug != found.slug or page == 1:  # a page has one address
        return redirect(found.url_of_page(page or 1), permanent=True)
    return render(request, "forum/topic.html", topic_page(request.user, found, page or 1))


def topic_page(user: User, found: Topic, page: int) -> dict:
    """What the page of a topic shows."""
    posts = Post.objects.filter(topic=found).on_page(page).with_authors().fetch_mode(FETCH_RAISE)
    if user.is_authenticated:
        posts = posts.with_reactions_of(user)
    shown = [post for post in posts if post.held_at is None or _sees_held(user, post, found)]
    for post in shown:
        post.topic = found
    parts.add_parts(parts.Place.TOPIC, user, [found])
    return {
        "topic": found,
        "subforum": found.subforum,
        "banner": RulesBanner.objects.select_related("set_by").filter(subforum=found.subforum).first(),
        "posts": shown,
        "pages": Pages(page, found.last_page, found.url_of_page),
        "form": PostForm() if can_reply(user, found) else None,
        "age_years": _age_in_years(found),
        "nav": "forum",
    }


def post(request, post_id: int):
    """A post's address for ever: on to where it stands today."""
    found = get_object_or_404(Post.objects.visible_to(request.user).select_related("topic"), pk=post_id)
    return redirect(f"{found.topic.url_of_page(page_of(found.number))}#p{found.pk}")


def _sees_held(user: User, post: Post, found: Topic) -> bool:
    return post.author_id == user.pk or can_moderate(user, found.subforum)


def _unanswered(user: User):
    topics = Topic.objects.visible_to(user).unanswered().latest_first().with_list_columns()
    return topics.fetch_mode(FETCH_RAISE)


def _page_of_topics(request, topics) -> tuple[int, list[Topic], bool]:
    """The page asked for, its rows, and whether there are more: one row more than is shown tells."""
    page = _page_number(request)
    first = (page - 1) * TOPICS_PER_PAGE
    rows = list(topics.with_list_columns().fetch_mode(FETCH_RAISE)[first : first + TOPICS_PER_PAGE + 1])
    if not rows and page > 1:
        raise Http404
    return page, rows[:TOPICS_PER_PAGE], len(rows) > TOPICS_PER_PAGE


def _page_number(request) -> int:
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked) > 0):
        raise Http404
    return int(asked)


def _query(query: str, number: int) -> str:
    """The query of a page; the first page of a plain list has none, so that it has one address."""
    return "" if number == 1 and query == "?page={}" else query.format(number)


def _pages_of(count: int) -> int:
    return max(1, -(-count // TOPICS_PER_PAGE))


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
