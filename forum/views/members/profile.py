"""The profile page of a member."""

from django.db.models import FETCH_RAISE, QuerySet
from django.shortcuts import redirect, render

from accounts.models import ExpertBadge, User
from accounts.permissions import can_ignore
from accounts.readers import Reader, ignored_ids, reader_of
from accounts.text import names
from forum.extensions import fragments
from forum.models import Post
from forum.pages import keyset, profile_fields
from forum.pages.about_member import find_member, posts_of, tabs_of
from forum.pages.written_posts import with_all_that_is_shown, with_excerpts
from pagecache.prepared import MARK
from pagecache.prepared_models import instances

RECENT_POSTS = 10
# Of a member's badges, also those withdrawn, the newest.
BADGES_SHOWN = 20


def profile(request, username: str):
    """A member, and their latest posts that the reader may read."""
    member, reader = find_member(username), reader_of(request)
    if member.username != username:
        return redirect(member, permanent=names.skeleton(username) == member.username_skeleton)
    recent = _recent_posts(reader, member)
    parts = fragments.member_parts(reader, member)
    context = {
        "member": member,
        "shown": profile_fields.shown(reader, member),
        **_badges_of(member),
        "recent_posts": with_excerpts(recent[:RECENT_POSTS]),
        "has_more_posts": len(recent) > RECENT_POSTS,
        "parts": parts,
        "tabs": tabs_of(reader, member, parts),
        "tab": "posts",
        "canonical": member.get_absolute_url(),
        "og_title": member.username,
        "og_type": "profile",
        "is_self": member == request.user,
        "may_ignore": can_ignore(request.user, member),
        "is_ignored": member.pk in ignored_ids(request.user),
    }
    return render(request, "forum/members/profile.html", context)


def _recent_posts(reader: Reader, member: User) -> list[Post]:
    """One more than is shown, if there are more."""
    shared = reader.shared(MARK + 1)
    return instances(("recent posts", shared), lambda: _newest_posts(shared), member.pk, reader.pk)


def _newest_posts(reader: Reader) -> QuerySet[Post]:
    posts = with_all_that_is_shown(posts_of(reader, MARK))
    return keyset.newest_first(posts, "written_at", None)[: RECENT_POSTS + 1]


def _badges_of(member: User) -> dict[str, list[ExpertBadge]]:
    """All badges that the member has, and the last that they had, with their history: two queries."""
    badges = instances("badges of a member", _newest_badges, member.pk)
    standing = [badge for badge in reversed(badges) if badge.withdrawn_at is None]
    return {
        "badges": sorted(standing, key=lambda badge: not badge.is_awake),
        "former_badges": [badge for badge in badges if badge.withdrawn_at],
    }


def _newest_badges() -> QuerySet[ExpertBadge]:
    badges = ExpertBadge.objects.filter(user=MARK).order_by("-given_at", "-pk")
    return badges.select_related("given_by").prefetch_related("changes").fetch_mode(FETCH_RAISE)[:BADGES_SHOWN]
