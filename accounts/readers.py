"""The Reader of a request: one value for permissions, for `visible_to`, and for cache keys.

What a member may read or moderate is decided by it alone: permissions and querysets take it. The rights of moderators
and administrators, and membership of groups, end with their standing (docs/trust.md): a suspended Reader is a member
like others.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty

from accounts.models import ExpertBadge, GroupMembership, Ignored, User


class ReaderFacts(Protocol):
    """The attributes of a user that permissions use; a User and a Reader have them."""

    @property
    def pk(self) -> Any: ...

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def is_staff(self) -> bool: ...

    @property
    def can_write(self) -> bool: ...

    @property
    def is_suspended(self) -> bool: ...

    @property
    def lacks_second_step(self) -> bool: ...

    @property
    def trust(self) -> int: ...

    @property
    def joined_at(self) -> datetime: ...

    @property
    def posts_per_page(self) -> int: ...

    @property
    def has_signatures(self) -> bool: ...


class Badges(NamedTuple):
    """The titles of a member's awake badges, and their country codes."""

    titles: tuple[str, ...]
    countries: tuple[str, ...]


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reader:
    """The user of a request as a hashable value: equal readers see the same. A visitor has no `pk`."""

    pk: int | None = None
    # Whether they administer now: not while suspended or banned, nor while a second step is due.
    is_staff: bool = False
    # Primary keys of the subforums they moderate now, likewise. Empty for administrators, who moderate all.
    moderates_ids: tuple[int, ...] = ()
    can_write: bool = False
    # Suspended or banned now.
    is_suspended: bool = False
    trust: int = User.Trust.NEW
    joined_at: datetime = _LONG_AGO
    badges: Badges | None = None  # None: not loaded
    # Primary keys of the members whose posts are folded for this reader; None: not loaded.
    ignores_ids: tuple[int, ...] | None = None
    posts_per_page: int = int(User.PostsPerPage.TWENTY)
    # Primary keys of the groups of chosen members that they are in, while in standing. Empty for administrators.
    groups_ids: tuple[int, ...] = ()
    # A rank of theirs gives no rights until they set up a second step.
    lacks_second_step: bool = False
    # Whether they want to see signatures under posts.
    has_signatures: bool = True

    @property
    def is_authenticated(self) -> bool:
        return self.pk is not None

    @property
    def is_moderator(self) -> bool:
        """Whether they moderate any subforum."""
        return self.is_staff or bool(self.moderates_ids)

    def is_moderator_of(self, subforum_id: int | None) -> bool:
        return self.is_staff or subforum_id in self.moderates_ids

    def shared(self, pk: int = 0) -> "Reader":
        """The same Reader for all who may read the same rows: the cache key of a query, and the user to build it for.

        `pk` is the MARK for a member's own primary key in a prepared statement (pagecache/prepared.py).
        """
        if not self.is_authenticated:
            return VISITOR
        return Reader(pk, self.is_staff, self.moderates_ids, groups_ids=self.groups_ids)


VISITOR = Reader()


def as_reader(user: ReaderFacts) -> Reader:
    """The Reader of a User, an AnonymousUser or a Reader.

    A query each if the moderated subforums and the groups are not loaded.
    """
    if isinstance(user, Reader):
        return user
    if not user.is_authenticated:
        return VISITOR
    lacks_second_step = user.lacks_second_step
    is_staff = user.is_staff and user.can_write and not lacks_second_step
    has_rights = user.can_write and not is_staff
    return Reader(
        user.pk,
        is_staff,
        moderated_ids(user) if has_rights and not lacks_second_step else (),
        user.can_write,
        user.is_suspended,
        user.trust,
        user.joined_at,
        _loaded_badges(user),
        _loaded_ignored_ids(user),
        user.posts_per_page,
        _group_ids(user) if has_rights else (),
        lacks_second_step,
        user.has_signatures,
    )


def reader_of(request: HttpRequest) -> Reader:
    """The Reader of a request, cached on the request."""
    reader = getattr(request, "_reader", None)
    if reader is None:
        reader = request._reader = as_reader(user_of(request))  # type: ignore[attr-defined]
    return reader


def user_of(request: HttpRequest) -> Any:
    """`request.user` without its SimpleLazyObject, which makes each attribute access slow."""
    user = request.user
    if type(user) is not SimpleLazyObject:
        return user
    if user._wrapped is empty:
        user._setup()
    return user._wrapped


def is_member(request: HttpRequest) -> bool:
    """Whether the user is signed in. No query without a session cookie."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def moderated_ids(user: Any) -> tuple[int, ...]:
    """Primary keys of the subforums a user has been given, suspended or not: their rank, while a Reader has the rights.

    The session's user has them loaded (forum/authentication.py).
    """
    if not user.is_authenticated:
        return ()
    if not hasattr(user, "moderates_ids"):
        user.moderates_ids = list(user.moderated_subforums.values_list("pk", flat=True))
    return tuple(sorted(user.moderates_ids))


def _group_ids(user: Any) -> tuple[int, ...]:
    """Primary keys of the groups a user is in. The session's user has them loaded (forum/authentication.py)."""
    if not hasattr(user, "groups_ids"):
        user.groups_ids = list(GroupMembership.objects.standing().filter(member=user).values_list("group", flat=True))
    return tuple(sorted(user.groups_ids))


def ignored_ids(user: ReaderFacts) -> tuple[int, ...]:
    """Primary keys of the members whom a user ignores. One query if they are not loaded."""
    if not user.is_authenticated:
        return ()
    found = user.ignores_ids if isinstance(user, Reader) else _loaded_ignored_ids(user)
    if found is not None:
        return found
    return tuple(sorted(Ignored.objects.filter(user=user.pk).values_list("member", flat=True)))


def badges_of(user: ReaderFacts) -> Badges:
    """A member's awake badges. One query if they are not loaded."""
    found = user.badges if isinstance(user, Reader) else _loaded_badges(user)
    if found is not None:
        return found
    awake = list(ExpertBadge.objects.awake().filter(user=user.pk).order_by("given_at"))
    found = Badges(tuple(badge.title for badge in awake), tuple(code for badge in awake for code in badge.countries))
    if isinstance(user, User):
        user.badge_titles, user.expert_countries = list(found.titles), list(found.countries)
    return found


def _loaded_badges(user: Any) -> Badges | None:
    if not hasattr(user, "expert_countries"):
        return None
    return Badges(tuple(user.badge_titles), tuple(user.expert_countries))


def _loaded_ignored_ids(user: Any) -> tuple[int, ...] | None:
    return tuple(sorted(user.ignores_ids)) if hasattr(user, "ignores_ids") else None
