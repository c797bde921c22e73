"""Promotion to higher trust levels by what others say of a member, and demotion by warnings (docs/trust.md)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.models.user import keeps_rank, may_write
from accounts.trust_levels import CONFIRMED_REPORT_AFTER, CONFIRMED_WITHIN, EARNED, NEWS_AFTER, OF_AGE, Trust
from crossings.models import CrossingReport
from crossings.status.rules import lets_through
from forum.models import Post, Reaction, Reading
from moderation.models import Flag, ModerationEntry, Verb, Warning

AT_ONCE = 500
# With this many standing points a member is demoted to newcomer; one point demotes trusted members.
POINTS_OF_A_NEWCOMER = 3


def lower(member: User) -> None:
    """Demote a warned member by their standing points. The caller has locked the member."""
    points = Warning.objects.filter(member=member).standing(timezone.now()).points()
    most = Trust.NEW if points >= POINTS_OF_A_NEWCOMER else Trust.MEMBER if points else Trust.TRUSTED
    if member.trust > most:
        member.trust = most
        User.objects.filter(pk=member.pk).update(trust=most)


def promote_all() -> int:
    """Promote all members who have earned it; returns how many. Called nightly (config/worker/nightly.py).

    The higher level first, so that nobody is promoted twice in one night.
    """
    return sum(_promote_to(trust) for trust in (Trust.TRUSTED, Trust.MEMBER))


def _promote_to(trust: Trust) -> int:
    ids = sorted(_deserving_ids(trust))
    return sum(_promote(trust, ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _promote(trust: Trust, ids: list[int]) -> int:
    """Promote a member if they still qualify under the row lock, which warnings take, too."""
    list(User.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    still = _deserving_ids(trust, User.objects.filter(pk__in=ids))
    return User.objects.filter(pk__in=still).update(trust=trust)


def _deserving_ids(trust: Trust, among: QuerySet[User] | None = None) -> set[int]:
    """Primary keys of members who have earned a level: by their own writing, and by what others say of them."""
    quiet = _without_incident(trust, User.objects.all() if among is None else among)
    active = _who_reads_and_writes(trust, quiet)
    thanked = active.filter(reactions_received__gte=EARNED[trust].thanks, thanked_by__gte=EARNED[trust].thanked_by)
    deserving = set(thanked.values_list("pk", flat=True))
    if trust == Trust.MEMBER:
        deserving |= set(quiet.filter(Exists(_vouched_for())).values_list("pk", flat=True))
        deserving |= confirmed_authors(active.filter(joined_at__lte=timezone.now() - CONFIRMED_REPORT_AFTER))
    return deserving


def _without_incident(trust: Trust, among: QuerySet[User]) -> QuerySet[User]:
    now = timezone.now()
    quiet_since = now - EARNED[trust].without_incident
    warned = Warning.objects.filter(member=OuterRef("pk")).standing(now)
    upheld = Flag.objects.filter(outcome=Flag.Outcome.UPHELD, closed_at__gt=quiet_since)
    flagged = upheld.filter(post__author=OuterRef("pk"))
    return among.filter(
        ~Exists(warned),
        ~Exists(flagged),
        ~Exists(upheld.filter(profile=OuterRef("pk"))),
        Q(suspended_until=None) | Q(suspended_until__lt=quiet_since),
        banned_at=None,
        trust=trust - 1,
        is_active=True,
        email_confirmed_at__isnull=False,
    )


def _who_reads_and_writes(trust: Trust, among: QuerySet[User]) -> QuerySet:
    wanted = EARNED[trust]
    return among.annotate(topics_read=_topics_read(), thanked_by=_thanked_by()).filter(
        joined_at__lte=timezone.now() - timedelta(days=wanted.days),
        posts_count__gte=wanted.posts,
        topics_read__gte=wanted.topics_read,
    )


def of_age(prefix: str = "") -> Q:
    """A condition on users: members, joined OF_AGE ago, who may write; and administrators. They speak for others."""
    old = {"trust__gte": Trust.MEMBER, "joined_at__lte": timezone.now() - OF_AGE}
    grown = Q(**{f"{prefix}{name}": value for name, value in old.items()})
    return (grown | Q(**{f"{prefix}is_staff": True}) & keeps_rank(prefix)) & may_write(prefix)


def _topics_read() -> Coalesce:
    """A subquery: number of topics a member has a Reading of (forum/unread.py deletes old ones)."""
    read = Reading.objects.filter(user=OuterRef("pk")).order_by().values("user").annotate(topics=Count("pk"))
    return Coalesce(Subquery(read.values("topics")), 0)


def _thanked_by() -> Coalesce:
    """A subquery: number of different members of age who found a member's readable posts helpful."""
    thanks = Reaction.objects.filter(
        of_age("user__"),
        kind=Reaction.Kind.HELPFUL,
        post__in=Post.objects.filter(author=OuterRef(OuterRef("pk"))).readable(),
    )
    # By what is the same for all, so that one row counts them.
    counted = thanks.order_by().values("kind").annotate(members=Count("user", distinct=True))
    return Coalesce(Subquery(counted.values("members")), 0)


def _vouched_for() -> QuerySet[ModerationEntry]:
    """A moderator's word for a member that was not taken back."""
    return ModerationEntry.objects.undoable().filter(verb=Verb.VOUCH, member=OuterRef("pk"))


def confirmed_authors(among: QuerySet[User]) -> set[int]:
    """Primary keys of authors whose report was confirmed by the next one at its crossing.

    The next report by somebody else, so that one report vouches for one newcomer at most; it is of a member of age,
    says the same of whether one gets through, and came within CONFIRMED_WITHIN. What a member of age had told shortly
    before is no news, so that nobody rises by repeating what the page says. Two queries.
    """
    counted = CrossingReport.objects.filter(
        post__in=Post.objects.readable_by_all(), is_hearsay=False, post__author__trade_at=None
    )
    others = counted.filter(crossing=OuterRef("crossing"), post__gt=OuterRef("post"))
    others = others.exclude(post__author=OuterRef("post__author")).order_by("post")
    known = counted.filter(of_age("post__author__"), crossing=OuterRef("crossing"), post__lt=OuterRef("post"))
    theirs = counted.filter(post__author__in=among).annotate(
        next_id=Subquery(others.values("pk")[:1]), known_id=Subquery(known.order_by("-post").values("pk")[:1])
    )
    reports: list[Any] = list(theirs.exclude(next_id=None).select_related("post"))
    of_others = counted.filter(
        of_age("post__author__"), pk__in={pk for report in reports for pk in (report.next_id, report.known_id)}
    )
    found = {report.pk: report for report in of_others.select_related("post")}
    return {
        report.post.author_id
        for report in reports
        if _is_confirmed(report, found.get(report.next_id)) and _is_news(report, found.get(report.known_id))
    }


def _is_confirmed(report: CrossingReport, later: CrossingReport | None) -> bool:
    if later is None or later.crossed_on < report.crossed_on:
        return False
    return later.post.written_at - report.post.written_at <= CONFIRMED_WITHIN and _agree(report, later)


def _is_news(report: CrossingReport, known: CrossingReport | None) -> bool:
    if known is None or not _agree(report, known):
        return True
    return report.post.written_at - known.post.written_at > NEWS_AFTER


def _agree(one: CrossingReport, other: CrossingReport) -> bool:
    return lets_through(one.outcome, one.reason) == lets_through(other.outcome, other.reason)
