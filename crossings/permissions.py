"""May this user …? Pure functions: no request, and no query where the session's member asks."""

from collections.abc import Iterable
from datetime import date

from accounts.models import User
from accounts.readers import ReaderFacts, as_reader, badges_of
from crossings.models import BadgeApplication, Country, Crossing, CrossingReport, Hours
from forum.models import Topic
from forum.permissions import PostFacts, can_administer, can_edit, can_moderate, is_author_of, is_locked


def is_expert(user: ReaderFacts) -> bool:
    """Has an awake badge, for a country or a subject."""
    if not user.is_authenticated or not user.can_write:
        return False
    return bool(badges_of(user).titles)


def is_expert_of(user: ReaderFacts, crossing: Crossing) -> bool:
    """An awake badge that speaks for one of the crossing's countries."""
    return is_expert(user) and bool({crossing.country_a_id, crossing.country_b_id} & set(badges_of(user).countries))


def can_apply(user: ReaderFacts) -> bool:
    """Members ask for an expert's badge, newcomers not yet."""
    if not user.is_authenticated or not user.can_write:
        return False
    return user.trust >= User.Trust.MEMBER or as_reader(user).is_moderator


def can_read_applications(user: ReaderFacts) -> bool:
    """Who asks for a badge: experts whose badge is awake, and moderators."""
    return is_expert(user) or (user.is_authenticated and as_reader(user).is_moderator)


def can_read_application(user: ReaderFacts, application: BadgeApplication) -> bool:
    return user.pk == application.applicant_id or can_read_applications(user)


def can_endorse(user: ReaderFacts, application: BadgeApplication) -> bool:
    """Experts and moderators say that somebody else should have a badge."""
    return user.pk != application.applicant_id and can_read_applications(user)


def can_decide_application(user: ReaderFacts, application: BadgeApplication) -> bool:
    """Administrators, of others."""
    return user.pk != application.applicant_id and can_administer(user)


def can_link(user: ReaderFacts, topic: Topic) -> bool:
    """The author of the topic, experts and moderators say which crossings it is about, while it can be read."""
    if not user.is_authenticated or not user.can_write or not topic.is_readable:
        return False
    if can_moderate(user, topic.subforum):
        return True
    return not is_locked(topic) and (is_author_of(user, topic) or is_expert(user))


def can_judge_similar(user: ReaderFacts, topic: Topic) -> bool:
    """Moderators say which topics have nothing to do with one of theirs."""
    return user.is_authenticated and user.can_write and topic.is_readable and can_moderate(user, topic.subforum)


def can_confirm(user: ReaderFacts, topic: Topic, crossings: Iterable[Crossing], author_id: int) -> bool:
    """Experts of a country of the topic's crossings say that a post still holds, all experts of their own posts."""
    if not is_expert(user) or not topic.is_readable or is_locked(topic):
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


def can_edit_hours(user: ReaderFacts, crossing: Crossing) -> bool:
    """Posted hours and clocks: the staff, experts of one of the two countries, and members who earned trust."""
    if not user.is_authenticated or not user.can_write:
        return False
    reader = as_reader(user)
    return reader.is_moderator or reader.trust >= User.Trust.TRUSTED or is_expert_of(user, crossing)


def can_confirm_hours(user: ReaderFacts, hours: Hours, visit_on: date | None) -> bool:
    """ "Still so": members who were there, by the day of their newest report, since it is known. Only what stands."""
    if not user.is_authenticated or not user.can_write or hours.withdrawn_at is not None:
        return False
    return visit_on is not None and visit_on >= hours.as_of
