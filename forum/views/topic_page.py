"""The page of a topic, and the permanent address of a post."""

import uuid

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import escape

from accounts.readers import Reader, reader_of, user_of
from forum import markup
from forum.extensions import fragments
from forum.models import Answer, Post, Topic
from forum.models.draft import place_of
from forum.models.post import PostQuerySet
from forum.models.subforum import spoken_titles
from forum.models.topic import OLD_AFTER, page_of
from forum.pages import post_list, respond
from forum.pages.pagination import Pages
from forum.pages.queries import find_rules, find_topic
from forum.pages.values import AnswerRow, DraftRow, Feed, Place, ReplyForm, SectionRow, TopicRow, UserRow
from forum.permissions import can_edit_rules, can_reply, can_withdraw_topic
from forum.signals import posts_read
from forum.unread import note_reading
from forum.views.hidden_topic import tells_its_author, tells_the_author_of_a_post
from forum.views.old_addresses import leads_on, moved
from forum.views.reading.new_replies import address_of_news
from pagecache import fragment_cache
from pagecache.prepared import MARK, statement
from pagecache.prepared_models import instances
from pagecache.versions import keepable

ANSWERS_SHOWN = 20


@leads_on
@tells_its_author
@keepable("topic", "topic_id")
def topic(request, topic_id: int, slug: str = "", page: int | None = None):
    reader = reader_of(request)
    found = find_topic(reader, topic_id)
    if page == 0 or (page or 1) > found.last_page(reader.posts_per_page):
        raise Http404
    if slug != found.slug or page == 1:  # each page has one canonical URL
        return moved(found.url_of_page(page or 1))
    return topic_page(request, reader, found, page or 1)


def topic_page(request, reader: Reader, found: Topic, page: int):
    """The response for a page of a topic; records the reading of a member."""
    rows = post_list.posts_of_page(reader, found, page)
    if reader.is_authenticated:  # before the masthead counts what is unread
        posts_read.send(Topic, user=user_of(request), post_ids=[row.pk for row in rows if row.is_readable])
    answers = _answers(found)
    more = fragments.page_parts(reader, found, rows)
    posts = post_list.finished_posts(reader, found, rows, {answer.post_id: answer for answer in answers}, more.by_post)
    row = _row(found)
    form, draft, own = _reply_form(reader, found)
    head = fragments.html_of_head(reader, found)
    response = respond.answer(
        request,
        reader,
        "forum/topic.html",
        {
            "posts": posts,
            "head": head,
            "beside": fragments.html_of(more.beside),
            "above": fragments.html_of(more.above),
            "below": fragments.html_of(more.below),
            "in_rules": fragments.html_of(more.in_rules),
            "in_age": fragments.html_of(more.in_age),
            "instead_of_reply": fragments.html_of(more.instead_of_reply),
            "writer_notes": fragments.html_of_notes(reader, found.subforum) if form else "",
            **own,
        },
        topic=row,
        subforum=place_shown(found.subforum),
        banner=find_rules(found.subforum, found.site_version),
        answers=tuple(answers),
        has_head=bool(head),
        has_beside=bool(more.beside),
        has_instead_of_reply=bool(more.instead_of_reply),
        pages=Pages(page, found.last_page(reader.posts_per_page), row),
        age_years=_age_in_years(found),
        form=form,
        live=address_of_news(found),
        draft=draft,
        place=place_of(found),
        may_withdraw_topic=can_withdraw_topic(reader, found),
        may_edit_rules=can_edit_rules(reader, found.subforum),
        **_about_topic(found, page_of((page - 1) * reader.posts_per_page + 1), rows, answers),
    )
    if reader.is_authenticated:
        _note_reading(reader, found, rows)
    return response


def one_post(reader: Reader, found: Post) -> str:
    """The HTML of one post as on its topic's page, for htmx after an act on it."""
    topic = find_topic(reader, found.topic_id)
    page = page_of(found.number, reader.posts_per_page)
    rows = [row for row in post_list.posts_of_page(reader, topic, page) if row.pk == found.pk]
    answers = {answer.post_id: answer for answer in _answers(topic)}
    more = fragments.page_parts(reader, topic, rows)
    return post_list.finished_posts(reader, topic, rows, answers, more.by_post)


@tells_the_author_of_a_post
def post(request, post_id: int):
    """The permanent URL of a post redirects to its current page and anchor."""
    reader = reader_of(request)
    shared = reader.shared(MARK + 1)
    posts = instances(("post", shared), lambda: _addressed(shared), post_id, reader.pk)
    if not posts:
        raise Http404
    return redirect(posts[0].topic.url_of_post(posts[0], reader))


def _addressed(reader: Reader) -> PostQuerySet:
    posts = Post.objects.visible_to(reader).filter(pk=MARK)
    return posts.select_related("topic").only("number", "topic__slug")


def place_shown(found) -> Place:
    return Place(found.pk, found.slug, found.name, found.label, SectionRow(found.section_id, found.section.name))


def _row(found: Topic) -> TopicRow:
    """The topic as the header of the page shows it."""
    return TopicRow(
        found.pk, found.title, found.slug, found.posts_count, author=found.author.username, opened_at=found.opened_at,
        pinned_at=found.pinned_at if found.is_pinned else None,
        locked_at=(found.locked_at if found.is_locked else None) or found.subforum.locked_at,
        pinned_across_at=found.pinned_across_at if found.is_pinned_across else None,
        pinned_across_until=found.pinned_across_until,
        hidden_at=found.hidden_at, held_at=found.held_at, lock_reason=found.lock_reason, is_running=found.is_running,
        locked_until=found.locked_until if found.subforum.locked_at is None else None,
    )  # fmt: skip


def _about_topic(found: Topic, page: int, rows: list[post_list.PostRow], answers: list[AnswerRow]) -> dict:
    """Context of the <head>: canonical URL (of the visitors' page with the first post), Open Graph, feed, structured
    data."""
    is_public = found.subforum.is_readable_by_all and found.is_readable
    first = rows[0] if rows and rows[0].is_readable else None
    words, discussion = post_list.head_of(found, first, answers if first.is_opening_post else ()) if first else ("", "")
    return {
        "canonical": found.url_of_page(page),
        "og_title": found.title,
        "og_description": words,
        "og_type": "article",
        "feed": Feed(found.title, "forum:topic-feed", found.pk) if is_public else None,
        "discussion": discussion if is_public and first and first.is_opening_post else "",
    }


def _reply_form(reader: Reader, found: Topic) -> tuple[ReplyForm | None, DraftRow | None, dict[str, str]]:
    """The reply form, the member's draft, and the fills of their gaps."""
    if not can_reply(reader, found):
        return None, None, {}
    version = found.draft.version if found.draft else 0
    own = {"key": str(uuid.uuid4()), "seen": str(found.last_number), "draft_version": str(version)}
    key, seen, draft_version = (fragment_cache.gap(name) for name in own)
    form = ReplyForm(key, seen, draft_version, markup.MAX_SOURCE_LENGTH)
    if not found.draft:
        return form, None, own
    draft = DraftRow(found.draft.pk, fragment_cache.gap("source"), found.draft.saved_at, found.draft.has_copies)
    return form, draft, own | {"source": escape(found.draft.source)}


def _answers(found: Topic) -> list[AnswerRow]:
    """The standing answers of a topic, those of experts first."""
    if not found.answers_count:
        return []
    rows = statement("answers of a topic", _standing_answers).rows(found.pk)
    listed = [
        AnswerRow(pk, UserRow(author, name), bool(badges), at, confirmed, UserRow(by, by_name), accepted_at, version)
        for pk, author, name, badges, at, confirmed, by, by_name, accepted_at, version in rows
    ]
    return sorted(listed, key=lambda answer: not answer.is_expert)


def _standing_answers():
    answers = Answer.objects.standing().filter(post__topic=MARK).order_by("post__number")
    return answers.annotate(badges=spoken_titles("post__author_id", "post__topic__")).values_list(
        "post_id", "post__author_id", "post__author__username", "badges", "post__written_at", "post__still_true_count",
        "accepted_by_id", "accepted_by__username", "accepted_at", "post__version",
    )[:ANSWERS_SHOWN]  # fmt: skip


def _note_reading(reader: Reader, found: Topic, rows: list[post_list.PostRow]) -> None:
    """Record the reading, unless these posts count as read already."""
    if any(row.is_new for row in rows):
        note_reading(reader, found, rows[-1].number)


def _age_in_years(found: Topic) -> int | None:
    """Full years since the topic was opened, if it is old enough for the warning that it may be out of date."""
    age = timezone.now() - found.opened_at
    return age.days // 365 if age > OLD_AFTER else None
