"""Runs of the doctor that are stored, and the letters to administrators when its result turns."""

from datetime import timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from config.health import doctor
from config.health.doctor import examine
from config.health.doctor.results import Finding, Level
from config.models import DoctorRun
from notifications.models import Notification
from notifications.news.tell import tell

KEPT = 60  # runs
# A result that is older is said to be old: the night before brought none.
OLD_AFTER = timedelta(hours=36)
MOST_NAMED = 5  # of wrong findings, in a letter
_ONE_AT_A_TIME = "SELECT pg_try_advisory_lock(hashtextextended('doctor run', 0))"
_RELEASE = "SELECT pg_advisory_unlock(hashtextextended('doctor run', 0))"


def run() -> DoctorRun | None:
    """Run the doctor and store what it found; None while another run is under way. Minutes on a large forum."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        [(is_ours,)] = cursor.fetchall()
    if not is_ours:
        return None
    try:
        return _store(timezone.now(), list(examine()))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE)


def latest() -> DoctorRun | None:
    return DoctorRun.objects.ended().first()


def is_old(found: DoctorRun) -> bool:
    return timezone.now() - found.begun_at > OLD_AFTER


@transaction.atomic
def _store(begun_at, findings: list[Finding]) -> DoctorRun:
    before = latest()
    made = DoctorRun.objects.create(
        begun_at=begun_at,
        ended_at=timezone.now(),
        findings=[
            [finding.level.value, finding.words, finding.advice, check]
            for finding, check in zip(findings, _checks(), strict=False)
        ],
        wrong_count=sum(finding.level is Level.WRONG for finding in findings),
        warnings_count=sum(finding.level is Level.WARNING for finding in findings),
    )
    if made.is_right != (before is None or before.is_right):
        _tell_administrators(made)
    kept = DoctorRun.objects.order_by("-pk").values("pk")[:KEPT]
    DoctorRun.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return made


def _checks() -> list[str]:
    """The names of the checks in the order of `examine`."""
    looks = [*doctor.SITE, doctor.database.answers, *doctor.DATABASE]
    return [f"{look.__module__.rpartition('.')[2]}.{look.__name__}" for look in looks]


def _tell_administrators(made: DoctorRun) -> None:
    """News, and by each administrator's own choice a letter: once for each turn, as its key is that of the run."""
    subject, words = _words(made)
    for pk in User.objects.filter(is_staff=True, is_active=True).order_by("pk").values_list("pk", flat=True):
        url = reverse("site:doctor")
        tell(pk, Notification.Kind.MODERATION, f"doctor-{made.pk}", subject=subject, words=words, url=url)


def _words(made: DoctorRun) -> tuple[str, str]:
    if made.is_right:
        return "The forum is well again", "Nothing is wrong any more."
    wrong = [f"{row.words} {row.advice}".strip() for row in made.worst_first if row.level == Level.WRONG]
    more = f"\n\nAnd {len(wrong) - MOST_NAMED} more." if len(wrong) > MOST_NAMED else ""
    return "Something is wrong with the forum", "\n\n".join(wrong[:MOST_NAMED]) + more
