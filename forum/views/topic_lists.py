"""Lists of topics: the index, a subforum, unanswered topics, and what other lists share."""

from django.http import Http404
from django.utils import timezone

from accounts.readers import Reader, reader_of
from forum.extensions import fragments
from forum.models import Topic
from forum.models.topic import TOPICS_PER_PAGE, TopicQuerySet
from forum.pages import forum_index, from_elsewhere, respond, topic_list, wrong_filters
from forum.pages.pagination import ListAddress, Pages
from forum.pages.queries import find_rules, find_subforum
from forum.pages.values import Feed
from forum.permissions import can_edit_rules, can_open_topic
from forum.unread import counts, since, unread_topics
from forum.views.old_addresses import leads_on_to_subforum
from forum.views.topic_page import place_shown
from pagecache import fragment_cache
from pagecache.prepared import MARK, moment_mark
from pagecache.versions import keepable

TABS = {"all", "unread", "unanswered", "no-reply", "answered"}


@keepable("index")
def index(request):
    reader, until = reader_of(request), moment()
    home = fragments.home_parts(reader)
    thanked = forum_index.thanked_lately()
    forums, across = forum_index.forums(reader, counts(reader, fresh=True) if reader.is_authenticated else {})
    sections = forum_index.by_section(forums)
    waiting = forum_index.unanswered(reader)
    fills = {f"section{section.pk}": rows for section, rows in sections.items()}
    answer = respond.answer(
        request,
        reader,
        "forum/index.html",
        fills | {"unanswered": waiting, "until": until} | forum_index.html_of_home(home),
        sections=tuple((section, fragment_cache.gap(f"section{section.pk}")) for section in sections),
        topics_count=sum(forum.topics_count for forum in forums),
        posts_count=sum(forum.posts_count for forum in forums),
        has_unread=any(forum.unread_count for forum in forums),
        has_unanswered=bool(waiting),
        thanked=thanked.members,
        thanked_as_of=thanked.counted_at,
        has_head=bool(home.head),
        has_news=bool(home.own or home.main),
        website=forum_index.as_website(),
        across=across,
        beginning=None if sections else forum_index.beginning(reader),
        canonical="/",
        feed=Feed("Newest posts", "forum:feed"),
    )
    # No version tells of the first administrator.
    answer.is_unfinished = not sections  # type: ignore[attr-defined]
    return answer


@leads_on_to_subforum
@keepable("subforum", "slug")
def subforum(request, slug: str):
    reader, until = reader_of(request), moment()
    found, site_version = find_subforum(reader, slug)
    (tab, wrong), page = _tab(request), page_number(request)
    rows, has_more = _topics_of(reader, found, tab, page)
    address = found.get_absolute_url()
    last = max(_pages_of(found.topics_count), page + has_more) if tab == "all" else page + has_more
    banner = find_rules(found, site_version)
    return respond.answer(
        request,
        reader,
        "forum/subforum.html",
        {"topics": rows_of(reader, rows, page), "until": until, "head": fragments.html_of_head(reader, found)},
        moved=from_elsewhere.moved_from(reader, found) if found.has_pointers and tab == "all" and page == 1 else (),
        across=from_elsewhere.pinned_across(reader, site_version, found.across_version) if page == 1 else (),
        subforum=place_shown(found),
        description=found.description,
        topics_count=found.topics_count,
        has_topics=bool(rows),
        tab=tab,
        wrong_filters=wrong,
        unread_count=counts(reader, fresh=True).get(found.pk, 0) if reader.is_authenticated else 0,
        pages=Pages(page, last, ListAddress(address, "" if tab == "all" else tab)),
        banner=banner,
        may_open_topic=can_open_topic(reader, found),
        may_edit_rules=can_edit_rules(reader, found),
        is_locked=found.locked_at is not None,
        takes_questions=found.takes_questions,
        canonical=ListAddress(address).url_of_page(page if tab == "all" else 1),
        og_title=found.name,
        og_description=found.description,
        feed=Feed(found.name, "forum:subforum-feed", found.slug) if found.is_readable_by_all else None,
    )


def _tab(request) -> tuple[str, tuple[str, ...]]:
    """The tab, and its name if there is none as was asked for. Visitors who ask for what is unread get all."""
    if request.GET.get("tab") == "unread" and not request.user.is_authenticated:
        return "all", ()
    return wrong_filters.choice(request.GET, "tab", TABS, otherwise="all")


def _topics_of(reader: Reader, found, tab: str, page: int) -> topic_list.Listed:
    if tab == "unread":
        return topic_list.often_asked(reader, "unread of a subforum", _unread_in, page, found.pk, since(reader))
    ended = found.has_ended_pins
    return topic_list.often_asked(
        reader, ("of a subforum", tab, ended), lambda reader: _topics_for(reader, tab, ended), page, found.pk
    )


def _unread_in(reader: Reader) -> TopicQuerySet:
    return unread_topics(reader, moment_mark(1)).filter(subforum=MARK).latest_first()


def _topics_for(reader: Reader, tab: str, has_ended_pins: bool):
    topics = Topic.objects.visible_to(reader).filter(subforum=MARK)
    if tab == "all":
        return topics.pinned_first(has_ended=has_ended_pins)
    kinds = {"unanswered": topics.unanswered, "no-reply": topics.without_reply, "answered": topics.answered}
    return kinds[tab]().latest_first()


@keepable("forum")
def unanswered(request):
    """Questions without an answer, those without any reply among them."""
    return list_page(
        request, "forum/unanswered.html", lambda shared: Topic.objects.visible_to(shared).unanswered().latest_first()
    )


@keepable("forum")
def no_reply(request):
    """Topics in which nobody has replied, of every kind."""
    return list_page(
        request, "forum/no_reply.html", lambda shared: Topic.objects.visible_to(shared).without_reply().latest_first()
    )


def list_page(request, template: str, build):
    """A list of topics of all subforums; `build` returns the queryset for a Reader."""
    reader, page = reader_of(request), page_number(request)
    rows, has_more = topic_list.often_asked(reader, template, build, page)
    return respond.answer(
        request,
        reader,
        template,
        {"topics": rows_of(reader, rows, page, with_subforum=True)},
        nav="unanswered",
        has_topics=bool(rows),
        pages=Pages(page, page + has_more, ListAddress(request.path)),
        canonical=request.path,
    )


def rows_of(reader: Reader, rows: list[topic_list.TopicRow], page: int, *, with_subforum: bool = False) -> str:
    """The HTML of a page of topics. Raises Http404 for an empty page after the first."""
    if not rows and page > 1:
        raise Http404
    added = fragments.html_of_rows(reader, rows)
    if added:
        rows = [row._replace(added=added.get(row.pk, "")) for row in rows]
    return fragment_cache.rendered_rows("forum/_topic_row.html", rows, with_subforum=with_subforum)


def page_number(request) -> int:
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked) > 0):
        raise Http404
    return int(asked)


def moment() -> str:
    """The time now (ISO 8601), for the page's "mark all read", which must not include posts written later."""
    return timezone.localtime().isoformat()


def _pages_of(count: int) -> int:
    return max(1, -(-count // TOPICS_PER_PAGE))
