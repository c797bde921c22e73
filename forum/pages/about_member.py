"""What every page about a member shows: who it is, and the tabs with all lists of what they wrote."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from accounts.members.named_members import member_named
from accounts.models import User
from accounts.readers import Reader
from forum.extensions.fragments import MOST_COUNTED, MemberParts, Tab
from forum.models import Answer, Post, Topic
from forum.models.topic import TopicQuerySet
from pagecache.prepared import MARK, count


def find_member(username: str) -> User:
    """The member of this name, or of one that looks alike, or who had it last. Raises Http404; those who never
    confirmed an address, and those whose account is closed, have no page."""
    member = member_named(username)
    if member is None or not member.is_active or member.email_confirmed_at is None:
        raise Http404
    return member


def tabs_of(reader: Reader, member: User, parts: MemberParts) -> list[Tab]:
    """All lists about a member, with how much of each the reader may read: a fixed number of queries."""
    return [
        _tab("posts", "Posts", member, member.posts_count, is_capped=False),
        _tab("topics", "Topics", member, counted(topics_of, reader, member)),
        *parts.tabs,
        _tab("answers", "Accepted", member, counted(answers_of, reader, member)),
        _tab("reactions", "Reactions", member, None),
    ]


def _tab(key: str, label: str, member: User, count: int | None, *, is_capped: bool = True) -> Tab:
    return Tab(key, label, reverse(f"forum:member-{key}", args=[member.username]), count, is_capped)


def counted(rows_of: Callable[[Reader, int], QuerySet], reader: Reader, member: User) -> int:
    """The number of rows of a member that the reader may read, up to MOST_COUNTED; `rows_of` takes a Reader and the
    primary key of a member."""
    shared = reader.shared(MARK + 1)
    return count((rows_of, shared), lambda: rows_of(shared, MARK), member.pk, reader.pk, most=MOST_COUNTED)


def posts_of(reader: Reader, member: User | int) -> QuerySet[Post]:
    return Post.objects.listed_for(reader).filter(author=member)


def topics_of(reader: Reader, member: User | int) -> TopicQuerySet:
    """The topics a member opened; a running topic belongs to nobody."""
    return Topic.objects.visible_to(reader).readable().filter(author=member, is_running=False)


def answers_of(reader: Reader, member: User | int) -> QuerySet[Answer]:
    """The member's posts that stand as accepted answers; what is listed can be read."""
    return Answer.objects.filter(withdrawn_at=None, post__author=member, post__in=Post.objects.listed_for(reader))
