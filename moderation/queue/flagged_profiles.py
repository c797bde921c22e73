"""Flagged profiles in the queue: what stands on them, what stood when they were flagged, and the acts on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from forum.models import Post, Subforum
from forum.pages.profile_fields import name_of
from forum.permissions import can_administer
from moderation.actions.member_acts import texts_of_profile
from moderation.consequences import points_of
from moderation.models import Flag
from moderation.permissions import can_clear_profile
from moderation.queue.buttons import buttons_of_profile


class ProfileText(NamedTuple):
    """A text of a profile, as typed."""

    field: str
    name: str
    text: str
    # Whether a flag names it.
    is_flagged: bool = False


@dataclass
class FlaggedProfile:
    """What others see of a profile now, and saw when it was flagged where that is something else."""

    texts: list[ProfileText] = field(default_factory=list)
    former: list[ProfileText] = field(default_factory=list)
    may_rename: bool = False
    is_name_flagged: bool = False


def add_to(user: User, rows: Iterable[Any]) -> None:
    """Add profile and buttons to those queue rows that are about a profile: three queries, or none."""
    found = [row for row in rows if row.item.is_profile]
    if not found:
        return
    members = [row.item.member for row in found]
    _bring_rank(members)
    points, written = points_of({member.pk for member in members}, timezone.now()), _written_here(user, members)
    for row in found:
        member = row.item.member
        row.profile = _profile(user, member, row.flags)
        if can_clear_profile(user, member) and not row.is_own:
            may_warn = can_administer(user) or member.pk in written
            has_texts = bool(row.profile.texts)
            row.buttons = tuple(buttons_of_profile(member, points[member.pk], has_texts=has_texts, may_warn=may_warn))


def _profile(user: User, member: User, flags: Sequence[Flag]) -> FlaggedProfile:
    named = {flag.part for flag in flags}
    now = texts_of_profile(member)
    texts = [ProfileText(field, name_of(field), text, field in named) for field, text in now.items()]
    stood = {(field, text) for flag in flags for field, text in flag.stood.items() if now.get(field) != text}
    former = [ProfileText(field, name_of(field), text) for field, text in sorted(stood)]
    return FlaggedProfile(texts, former, may_rename=can_administer(user), is_name_flagged="name" in named)


def _bring_rank(members: Sequence[User]) -> None:
    """Load `moderates_ids` by one query, for `outranks`."""
    theirs: dict[int, list[int]] = {member.pk: [] for member in members}
    for pk, subforum in Subforum.moderators.through.objects.filter(user__in=theirs).values_list("user", "subforum"):
        theirs[pk].append(subforum)
    for member in members:
        member.moderates_ids = theirs[member.pk]


def _written_here(user: User, members: Sequence[User]) -> set[int]:
    """Who of these has written where the user moderates, which is where moderators warn."""
    moderated = Subforum.objects.moderated_by(user)
    posts = Post.objects.filter(author__in=members, topic__subforum__in=moderated).order_by()
    return set(posts.values_list("author", flat=True).distinct())
