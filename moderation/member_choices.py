"""The acts on a member that a moderator may choose, each with what it will do to them (consequences.py)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from crossings.models import CrossingReport
from forum.models import Subforum
from moderation import consequences
from moderation.actions import restrictions
from moderation.actions.member_acts import MOST_POINTS
from moderation.consequences import CleanUp, counted, posts_to_hide, topics_to_hide
from moderation.permissions import can_ban, can_clean_spam, can_lift, can_suspend, can_unban, can_vouch, can_warn


@dataclass
class Choice:
    """One act: its name in the form, its label and hint, what it does, and what its button says."""

    act: str
    label: str
    hint: str = ""
    button: str = ""
    does: list[str] = field(default_factory=list)
    is_dangerous: bool = False
    # For a warning: the points that it may have, each with what these lead to.
    points: list[tuple[int, str]] = field(default_factory=list)
    has_days: bool = False


def choices_for(user: User, member: User, place: Subforum | None) -> list[Choice]:
    """What this moderator may do to the member in a place as things stand, the mildest first. A fixed number of
    queries."""
    found, given = [], restrictions.given_to(member)
    if member.is_banned and can_unban(user, member, given):
        hint = "They can write again. What was hidden stays hidden; each act has its own undo."
        found.append(Choice("unban", "End the ban", hint, "End the ban"))
    if member.is_suspended and not member.is_banned and can_lift(user, member, given):
        found.append(Choice("lift", "End the suspension", "They can write again at once.", "End the suspension"))
    if can_vouch(user, member):
        hint = "They get the rights of a member, which others earn by being thanked."
        found.append(Choice("vouch", "Vouch for them", hint, "Vouch"))
    if can_warn(user, member, place):
        found.append(_warning(member))
    if can_suspend(user, member, place) and not member.is_suspended:
        hint = "They read, but cannot write until then. What they wrote stays."
        found.append(Choice("suspend", "Suspend", hint, "Suspend", has_days=True))
    if can_ban(user, member, place) and not member.is_banned:
        hint = "They read, but cannot write any more. What they wrote stays."
        found.append(Choice("ban", "Ban", hint, "Ban", is_dangerous=True))
    if can_clean_spam(user, member, place):
        hides = consequences.clean_up(user, member)
        found += [_cleaning(user, member, hides)] if hides.posts or not member.is_banned else []
    return found


def preset(choices: Sequence[Choice]) -> str:
    """The act that is chosen at first: the mildest that answers something. Nobody is vouched for by the way."""
    return next((choice.act for choice in choices if choice.act != "vouch"), "")


def _warning(member: User) -> Choice:
    now = timezone.now()
    points = consequences.points_of([member.pk], now)[member.pk]
    steps = consequences.warning_steps(points)
    return Choice("warn", "Warn", f"{steps[0].upper()}{steps[1:]}.", "Warn", points=warning_points(member, points))


def warning_points(member: User, points: int) -> list[tuple[int, str]]:
    """The points that a warning may have, each with what it leads to for a member with so many points."""
    now, found = timezone.now(), []
    for more in range(MOST_POINTS + 1):
        days = consequences.suspended_for(member, points + more, now)
        then = f"suspends for {counted(days, 'day')}" if days else f"{points + more} in all"
        found.append((more, f"{counted(more, 'point')}: {then}"))
    return found


def _cleaning(user: User, member: User, hides: CleanUp) -> Choice:
    does = [f"This hides {hides.words}{'' if user.is_staff else ' of the subforums that you moderate'}."]
    does += [f"{hides.of_others}."] if hides.whole_topics else []
    does.append("Signs them out everywhere.")
    does.append(_of_crossings(user, member))
    label = "Ban, and hide what they wrote" if not member.is_banned else "Hide what they wrote"
    button = f"{'Hide' if member.is_banned else 'Ban and hide'} {counted(hides.posts, 'post')}"
    return Choice("clean", label, "For advertisers and second accounts.", button, does, is_dangerous=True)


def _of_crossings(user: User, member: User) -> str:
    hidden = CrossingReport.objects.filter(post__in=posts_to_hide(user, [member.pk]))
    hidden |= CrossingReport.objects.filter(
        post__number=1, post__author=member, post__topic__in=topics_to_hide(user, [member.pk])
    )
    found = {*hidden.values_list("pk", "crossing")}
    if not found:
        return "Changes no crossing: none of these posts is a report."
    crossings = len({crossing for _, crossing in found})
    return f"Takes {counted(len(found), 'report')} from {counted(crossings, 'crossing')}."
