"""Pages one reads: the index, a subforum's topics, a topic."""

import uuid

from django.db.models import FETCH_RAISE, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from accounts.models.user import badge_titles
from accounts.visitors import reader_of
from forum import finished, frames, listing, markup, overview, parts, pointers, showing
from forum import unread as reading
from forum.finding import find_rules, find_subforum, find_topic
from forum.models import Answer, Post, Topic
from forum.models.draft import place_of
from forum.models.topic import OLD_AFTER, TOPICS_PER_PAGE, page_of
from forum.paging import ListAddress, Pages
from forum.permissions import can_edit_rules, can_open_topic, can_reply, can_withdraw_topic
from forum.shown import AnswerShown, DraftShown, Feed, Name, Place, ReplyForm, SectionShown, TopicAddress, TopicShown
from forum.statements import MARK
from forum.versions import keepable
from forum.views.leading_on import leads_on, moved

TABS = {"unread", "unanswered", "answered"}
ANSWERS_SHOWN = 20


@keepable("forum")
def index(request):
    user, until = reader_of(request), moment()
    forums = overview.forums(user, reading.counts(user, fresh=True) if user.is_authenticated else {})
    sections = overview.by_section(forums)
    waiting = overview.unanswered(user)
    fills = {f"section{section.pk}": rows for section, rows in sections.items()}
    return frames.answer(
        request,
        user,
        "forum/index.html",
        fills | {"unanswered": waiting, "until": until},
        sections=tuple((section, finished.gap(f"section{section.pk}")) for section in sections),
        topics_count=sum(forum.topics_count for forum in forums),
        posts_count=sum(forum.posts_count for forum in forums),
        has_unread=any(forum.unread_count for forum in forums),
        has_unanswered=bool(waiting),
        thanked=overview.thanked_lately(),
        next_steps=() if sections else overview.next_steps(user),
        canonical="/",
        feed=Feed("Newest posts", "forum:feed"),
    )


@keepable("subforum", "slug")
def subforum(request, slug: str):
    user, until = reader_of(request), moment()
    found, site_version = find_subforum(user, slug)
    tab, page = _tab(request), page_number(request)
    rows, has_more = _topics_of(user, found, tab, page)
    address = found.get_absolute_url()
    last = max(_pages_of(found.topics_count), page + has_more) if tab == "all" else page + has_more
    banner = find_rules(found, site_version)
    return frames.answer(
        request,
        user,
        "forum/subforum.html",
        {"topics": rows_of(user, rows, page), "until": until},
        moved=pointers.of(user, found) if found.has_pointers and tab == "all" and page == 1 else (),
        subforum=place_shown(found),
        description=found.description,
        topics_count=found.topics_count,
        has_topics=bool(rows),
        tab=tab,
        unread_count=reading.counts(user, fresh=True).get(found.pk, 0) if user.is_authenticated else 0,
        pages=Pages(page, last, ListAddress(address, "" if tab == "all" else tab)),
        banner=banner,
        may_open_topic=can_open_topic(user, found),
        may_edit_rules=can_edit_rules(user, found),
        canonical=ListAddress(address)(page if tab == "all" else 1),
        og_title=found.name,
        og_description=found.description,
        feed=Feed(found.name, "forum:subforum-feed", found.slug) if found.is_readable_by_all else None,
    )


def _tab(request) -> str:
    asked = request.GET.get("tab", "")
    if asked == "unread" and not request.user.is_authenticated:
        return "all"
    return asked if asked in TABS else "all"


def _topics_of(user: User, found, tab: str, page: int) -> listing.Listed:
    if tab == "unread":
        return listing.seldom_asked(user, reading.unread_topics(user).filter(subforum=found).latest_first(), page)
    return listing.often_asked(user, ("of a subforum", tab), lambda reader: _topics_for(reader, tab), page, found.pk)


def _topics_for(reader: User, tab: str):
    topics = Topic.objects.visible_to(reader).filter(subforum=MARK)
    if tab == "answered":
        return topics.answered().latest_first()
    return topics.unanswered().latest_first() if tab == "unanswered" else topics.pinned_first()


@keepable("forum")
def unanswered(request):
    return list_page(
        request, "forum/unanswered.html", lambda reader: Topic.objects.visible_to(reader).unanswered().latest_first()
    )


def list_page(request, template: str, build):
    """A page of the topics of all subforums; `build` makes the queryset for a reader."""
    user, page = reader_of(request), page_number(request)
    rows, has_more = listing.often_asked(user, template, build, page)
    return frames.answer(
        request,
        user,
        template,
        {"topics": rows_of(user, rows, page, with_subforum=True)},
        nav="unanswered",
        has_topics=bool(rows),
        pages=Pages(page, page + has_more, ListAddress(request.path)),
        canonical=request.path,
    )


def page_of_topics(request, topics, size: int = TOPICS_PER_PAGE) -> tuple[int, list[listing.TopicRow], bool]:
    """The page asked for of any queryset, its rows, and whether there are more."""
    page = page_number(request)
    rows, has_more = listing.seldom_asked(reader_of(request), topics, page, size)
    return page, rows, has_more


def rows_of(user: User, rows: list[listing.TopicRow], page: int, *, with_subforum: bool = False) -> str:
    """The HTML of a page of topics. Raises Http404 for a later page without any."""
    if not rows and page > 1:
        raise Http404
    added = parts.html_of_rows(user, rows)
    if added:
        rows = [row._replace(added=added.get(row.pk, "")) for row in rows]
    return finished.rendered_rows("forum/_topic_row.html", rows, with_subforum=with_subforum)


@leads_on
def topic_by_id(request, topic_id: int):
    return redirect(get_object_or_404(Topic.objects.visible_to(request.user), pk=topic_id), permanent=True)


@leads_on
@keepable("topic", "topic_id")
def topic(request, topic_id: int, slug: str, page: int | None = None):
    user = reader_of(request)
    found = find_topic(user, topic_id)
    if page == 0 or (page or 1) > found.last_page:
        raise Http404
    if slug != found.slug or page == 1:  # a page has one address
        return moved(found.url_of_page(page or 1))
    return topic_page(request, user, found, page or 1)


def topic_page(request, user: User, found: Topic, page: int):
    """A page of a topic; a member's visit is noted."""
    rows = showing.posts_of_page(user, found, page)
    answers = _answers(found)
    more = parts.page_parts(user, found, showing.judged(rows, found))
    posts = showing.finished_posts(user, found, rows, {answer.post_id: answer for answer in answers}, more.by_post)
    address = TopicAddress(found.pk, found.slug, page)
    form, draft, own = _reply_form(user, found)
    response = frames.answer(
        request,
        user,
        "forum/topic.html",
        {
            "posts": posts,
            "beside": parts.html_of(more.beside),
            "above": parts.html_of(more.above),
            "below": parts.html_of(more.below),
            "in_rules": parts.html_of(more.in_rules),
            "in_age": parts.html_of(more.in_age),
            **own,
        },
        topic=_shown(found),
        subforum=place_shown(found.subforum),
        banner=find_rules(found.subforum, found.site_version),
        answers=tuple(answers),
        has_beside=bool(more.beside),
        pages=Pages(page, found.last_page, address),
        age_years=_age_in_years(found),
        form=form,
        draft=draft,
        place=place_of(found),
        may_withdraw_topic=can_withdraw_topic(user, found),
        may_edit_rules=can_edit_rules(user, found.subforum),
        **_about_topic(found, address, rows),
    )
    if user.is_authenticated:
        _note_reading(user, found, rows)
    return response


def one_post(user: User, found: Post) -> str:
    """A post as it stands on its page, for whoever changed what is said of it."""
    topic = find_topic(user, found.topic_id)
    rows = [row for row in showing.posts_of_page(user, topic, page_of(found.number)) if row.pk == found.pk]
    answers = {answer.post_id: answer for answer in _answers(topic)}
    more = parts.page_parts(user, topic, showing.judged(rows, topic))
    return showing.finished_posts(user, topic, rows, answers, more.by_post)


def post(request, post_id: int):
    """A post's address for ever: on to where it stands today."""
    found = get_object_or_404(Post.objects.visible_to(request.user).select_related("topic"), pk=post_id)
    return redirect(f"{found.topic.url_of_page(page_of(found.number))}#p{found.pk}")


def place_shown(found) -> Place:
    return Place(found.pk, found.slug, found.name, SectionShown(found.section_id, found.section.name))


def _shown(found: Topic) -> TopicShown:
    return TopicShown(
        found.pk, found.title, found.slug, Name(found.author_id, found.author.username), found.opened_at,
        found.replies_count, found.pinned_at, found.locked_at, found.hidden_at, found.held_at,
        found.lock_reason,
    )  # fmt: skip


def _about_topic(found: Topic, address: TopicAddress, rows: list[showing.Row]) -> dict:
    """What the head of the page says to programs: its one address, its title, its first words, its feed."""
    is_public = found.subforum.is_readable_by_all and found.is_readable
    first = rows[0] if rows and rows[0].is_readable else None
    words, discussion = showing.head_of(found, first) if first else ("", "")
    return {
        "canonical": address,
        "og_title": found.title,
        "og_description": words,
        "og_type": "article",
        "feed": Feed(found.title, "forum:topic-feed", found.pk) if is_public else None,
        "discussion": discussion if is_public and first and first.is_opening_post else "",
    }


def _reply_form(user: User, found: Topic) -> tuple[ReplyForm | None, DraftShown | None, dict[str, str]]:
    """The form under the posts, with the text the member has not sent yet, and what goes into its gaps."""
    if not can_reply(user, found):
        return None, None, {}
    own = {"key": str(uuid.uuid4()), "seen": str(found.last_number)}
    form = ReplyForm(finished.gap("key"), finished.gap("seen"), markup.MAX_SOURCE_LENGTH)
    if not found.draft:
        return form, None, own
    draft = DraftShown(found.draft.pk, finished.gap("source"), found.draft.saved_at)
    return form, draft, own | {"source": escape(found.draft.source)}


def _answers(found: Topic) -> list[AnswerShown]:
    """The topic's standing answers, those of experts first."""
    if not found.answers_count:
        return []
    answers = Answer.objects.standing().filter(post__topic=found).select_related("post__author", "accepted_by")
    answers = answers.annotate(author_badges=badge_titles(OuterRef("post__author_id")))
    listed = [
        AnswerShown(
            answer.post_id,
            Name(answer.post.author_id, answer.post.author.username),
            bool(answer.author_badges),
            answer.post.written_at,
            answer.post.still_true_count,
            Name(answer.accepted_by_id, answer.accepted_by.username),
            answer.accepted_at,
        )
        for answer in answers.order_by("post__number").fetch_mode(FETCH_RAISE)[:ANSWERS_SHOWN]
    ]
    return sorted(listed, key=lambda answer: not answer.is_expert)


def _note_reading(user: User, found: Topic, rows: list[showing.Row]) -> None:
    """Nothing is written for what counts as read already."""
    if any(reading.is_new(row, found) for row in rows):
        reading.note_reading(user, found, rows[-1].number)


def page_number(request) -> int:
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked) > 0):
        raise Http404
    return int(asked)


def moment() -> str:
    """When the making of a page begins, for the button that marks all of it as read: what comes later is not on it."""
    return timezone.localtime().isoformat()


def _pages_of(count: int) -> int:
    return max(1, -(-count // TOPICS_PER_PAGE))


def _age_in_years(found: Topic) -> int | None:
    """How many full years ago a topic was opened, if its first posts may mislead by now."""
    age = timezone.now() - found.opened_at
    return age.days // 365 if age > OLD_AFTER else None
