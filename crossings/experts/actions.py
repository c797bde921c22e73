"""Applying for an expert's badge: by a member, endorsed by experts and moderators, decided by an administrator."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import BadgeSubject, ExpertBadge, User
from crossings.models import BadgeApplication, Endorsement
from crossings.permissions import can_apply, can_decide_application, can_endorse
from crossings.signals import application_made, application_refused
from forum.experts.actions import save_badge
from forum.models import Post
from forum.permissions import CannotBeDone, NotAllowed

FEWEST_ANSWERS, MOST_ANSWERS = 3, 5
ENDORSEMENTS_NEEDED = 2
# After an application was refused or taken back.
AGAIN_AFTER = timedelta(days=30)
REFUSED_KEPT = timedelta(days=365)
Outcome = BadgeApplication.Outcome


@transaction.atomic
def apply(
    user: User, *, countries: Sequence[str], subject: str, answers: Sequence[Post], words: str
) -> BadgeApplication:
    """Apply for a badge; twice is the same application. Raises NotAllowed, CannotBeDone with words for the member."""
    if not can_apply(user):
        raise NotAllowed
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    if waiting := BadgeApplication.objects.waiting().filter(applicant=user).first():
        return waiting
    _require_new(user, countries, subject)
    made = BadgeApplication.objects.create(
        applicant=user, countries=list(countries), subject=subject, words=words, made_at=timezone.now()
    )
    made.answers.set(answers)
    application_made.send(BadgeApplication, application=made)
    return made


def _require_new(user: User, countries: Sequence[str], subject: str) -> None:
    ended = BadgeApplication.objects.filter(applicant=user, closed_at__gt=timezone.now() - AGAIN_AFTER)
    if ended.exclude(outcome=Outcome.GIVEN).exists():
        raise CannotBeDone("You asked for a badge less than 30 days ago. Answer on, and ask again later.")
    same = Q(countries__contains=list(countries)) if countries else Q(countries=[], subject=subject)
    if known := ExpertBadge.objects.standing().filter(same, user=user).first():
        asleep = "" if known.is_awake else " It sleeps: one answer or one “still true” wakes it."
        raise CannotBeDone(f"You have that badge already.{asleep}")


def answers_that_count(user: User, countries: Sequence[str], subject: str) -> QuerySet[Post]:
    """The member's replies to others, readable by all, where such a badge would speak."""
    replies = Post.objects.readable_by_all().filter(author=user, number__gt=1).exclude(topic__author=user)
    if countries:
        return replies.filter(topic__countries__overlap=list(countries))
    subforums = BadgeSubject.objects.filter(name=subject, subforums__isnull=False).values_list("subforums", flat=True)
    return replies.filter(topic__subforum__in=subforums) if subforums.exists() else replies


@transaction.atomic
def endorse(user: User, application: BadgeApplication) -> None:
    """Idempotent. Raises NotAllowed."""
    locked = _lock(application)
    if not locked.is_waiting or not can_endorse(user, locked):
        raise NotAllowed
    Endorsement.objects.get_or_create(application=locked, by=user, defaults={"at": timezone.now()})


@transaction.atomic
def take_endorsement_back(user: User, application: BadgeApplication) -> None:
    """Also of who is no expert any more. Idempotent. Raises NotAllowed once it is decided."""
    locked = _lock(application)
    own = locked.endorsements.filter(by=user)
    if not locked.is_waiting or not (can_endorse(user, locked) or own.exists()):
        raise NotAllowed
    own.delete()


@transaction.atomic
def give(user: User, application: BadgeApplication, *, title: str, reason: str) -> None:
    """Give the badge that was asked for. Given already: nothing. Raises NotAllowed, CannotBeDone."""
    locked = _lock_to_decide(user, application, Outcome.GIVEN)
    if locked is None:
        return
    if locked.standing_endorsements().count() < ENDORSEMENTS_NEEDED:
        raise CannotBeDone("Two experts or moderators must agree first.")
    badge = ExpertBadge(
        user=locked.applicant, title=title, countries=locked.countries, subject=locked.subject, reason=reason,
        given_by=user, given_at=timezone.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            save_badge(badge, user)
    except IntegrityError as error:
        raise CannotBeDone("This member has a badge of that title already.") from error
    _close(locked, Outcome.GIVEN, by=user, decision=reason, badge=badge)


@transaction.atomic
def refuse(user: User, application: BadgeApplication, *, words: str) -> None:
    """Refused already: nothing. Raises NotAllowed, CannotBeDone."""
    locked = _lock_to_decide(user, application, Outcome.REFUSED)
    if locked is None:
        return
    _close(locked, Outcome.REFUSED, by=user, decision=words)
    application_refused.send(BadgeApplication, application=locked)


@transaction.atomic
def take_back(user: User, application: BadgeApplication) -> None:
    """Its applicant asks no longer. Idempotent. Raises NotAllowed."""
    locked = _lock(application)
    if user.pk != locked.applicant_id:
        raise NotAllowed
    if locked.is_waiting:
        _close(locked, Outcome.WITHDRAWN)


def forget_old() -> None:
    """Delete applications that were refused or taken back a year ago. Called nightly."""
    old = BadgeApplication.objects.filter(closed_at__lte=timezone.now() - REFUSED_KEPT)
    old.exclude(outcome=Outcome.GIVEN).delete()


def _lock(application: BadgeApplication) -> BadgeApplication:
    rows = BadgeApplication.objects.select_for_update(of=("self",)).select_related("applicant")
    return rows.get(pk=application.pk)


def _lock_to_decide(user: User, application: BadgeApplication, outcome: str) -> BadgeApplication | None:
    """None if it was decided so already."""
    locked = _lock(application)
    if not can_decide_application(user, locked):
        raise NotAllowed
    if locked.outcome == outcome:
        return None
    if not locked.is_waiting:
        raise CannotBeDone(f"Somebody was faster: {locked.get_outcome_display().lower()}.")
    return locked


def _close(locked: BadgeApplication, outcome: str, **values: object) -> None:
    locked.closed_at, locked.outcome = timezone.now(), outcome
    locked.closed_by, locked.badge = values.get("by"), values.get("badge")  # type: ignore[assignment]
    locked.decision = str(values.get("decision", ""))
    locked.save(update_fields=["closed_at", "outcome", "closed_by", "decision", "badge"])
