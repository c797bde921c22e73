"""May this user …? Pure functions: no request, and no query where the session's member asks."""

from collections.abc import Iterable

from accounts.readers import ReaderFacts, as_reader, badges_of
from crossings.models import Country, Crossing, CrossingReport
from forum.models import Topic
from forum.permissions import PostFacts, can_administer, can_edit, can_moderate, is_author_of


def is_expert(user: ReaderFacts) -> bool:
    """Has a standing badge, for a country or a subject."""
    if not user.is_authenticated or not user.can_write:
        return False
    return bool(badges_of(user).titles)


def is_expert_of(user: ReaderFacts, crossing: Crossing) -> bool:
    """A standing badge that speaks for one of the crossing's countries."""
    return is_expert(user) and bool({crossing.country_a_id, crossing.country_b_id} & set(badges_of(user).countries))


def can_link(user: ReaderFacts, topic: Topic) -> bool:
    """The author of the topic, experts and moderators say which crossings it is about, while it can be read."""
    if not user.is_authenticated or not user.can_write or not topic.is_readable:
        return False
    if can_moderate(user, topic.subforum):
        return True
    return topic.locked_at is None and (is_author_of(user, topic) or is_expert(user))


def can_confirm(user: ReaderFacts, topic: Topic, crossings: Iterable[Crossing], author_id: int) -> bool:
    """Experts of a country of the topic's crossings say that a post still holds, all experts of their own posts."""
    if not is_expert(user) or not topic.is_readable or topic.locked_at is not None:
        return False
    return user.pk == author_id or any(is_expert_of(user, crossing) for crossing in crossings)


def can_report(user: ReaderFacts) -> bool:
    """Members report what they saw."""
    return user.is_authenticated and user.can_write


def can_use_suggestions(user: ReaderFacts) -> bool:
    """Members who may write are counted where a suggestion led them from the composer."""
    return user.is_authenticated and user.can_write


def can_attach_report(user: ReaderFacts, post: PostFacts) -> bool:
    """Authors make a report of a post of theirs, as long as they may edit it."""
    return user.pk == post.author_id and can_edit(user, post)


def can_edit_report(user: ReaderFacts, report: CrossingReport) -> bool:
    """The facts of a report may be changed by those who may edit its post."""
    return can_edit(user, report.post)


def can_edit_crossing(user: ReaderFacts, crossing: Crossing) -> bool:
    """Facts and names: administrators, and experts of one of the two countries."""
    return can_administer(user) or is_expert_of(user, crossing)


def can_edit_place(user: ReaderFacts, crossing: Crossing | None = None) -> bool:
    """What a crossing itself is: its name, place and status, or that there is a new one. Administrators only."""
    return can_administer(user)


def can_edit_country(user: ReaderFacts, country: Country) -> bool:
    """The article of a country speaks for the whole site: administrators only."""
    return can_administer(user)


def can_enter_notice(user: ReaderFacts, crossing: Crossing) -> bool:
    """Official notices of any crossing: administrators, and moderators of any subforum."""
    if not user.is_authenticated or not user.can_write:
        return False
    return as_reader(user).is_moderator
