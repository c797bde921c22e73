"""The points of the checklist. Whether one is done is looked up in the database each time, and never ticked by hand."""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from accounts.models import SiteText, User
from config.health import runs
from config.health.doctor import deployment
from config.health.doctor.results import Level
from config.models import PutAwayPoint
from crossings.editorial import loaded
from forum.models import RulesBanner, Subforum
from forum.permissions import NotAllowed, can_administer


class State(NamedTuple):
    """Whether a point is done, and what was found, in words."""

    is_done: bool
    words: str


class Point(NamedTuple):
    """A point: `url` is the name of the route where it is done."""

    key: str
    title: str
    text: str
    url: str
    link: str
    look: Callable[[], State]


class Shown(NamedTuple):
    """A point with its state, as the page shows it."""

    point: Point
    state: State
    is_put_away: bool

    @property
    def is_settled(self) -> bool:
        return self.state.is_done or self.is_put_away


def administrator() -> State:
    count = User.objects.filter(is_staff=True, is_active=True).count()
    return State(count > 0, f"There {_are(count, 'administrator')}.")


def sections() -> State:
    count = Subforum.objects.count()
    return State(count > 0, f"There {_are(count, 'subforum')}.")


def access() -> State:
    """Done with a place that everybody reads, and one for the staff alone."""
    kinds = Subforum.Access
    found = Subforum.objects.aggregate(
        everybody=Count("pk", filter=Q(access__in=[kinds.OPEN, kinds.ANNOUNCEMENTS])),
        members=Count("pk", filter=Q(access=kinds.MEMBERS)),
        chosen=Count("pk", filter=Q(access=kinds.CHOSEN)),
        staff=Count("pk", filter=Q(access=kinds.STAFF)),
    )
    chosen = f", {found['chosen']} for chosen members" if found["chosen"] else ""
    words = (
        f"{found['everybody']} for all to read, {found['members']} for members{chosen}, {found['staff']} for the staff."
    )
    return State(bool(found["everybody"] and found["staff"]), words)


def moderators() -> State:
    count = User.objects.filter(moderated_subforums__isnull=False).distinct().count()
    without = Subforum.objects.filter(moderators=None).count()
    return State(count > 0, f"There {_are(count, 'moderator')}; {without} subforums have none of their own.")


def rules() -> State:
    of_all = RulesBanner.objects.filter(subforum=None).exists()
    count = RulesBanner.objects.exclude(subforum=None).count()
    words = "The forum has rules" if of_all else "The forum as a whole has no rules"
    return State(of_all, f"{words}; {count} subforums have their own.")


def texts() -> State:
    written = SiteText.objects.filter(pk__in=SiteText.objects.current().values("pk")).exclude(source="")
    kinds = set(written.values_list("kind", flat=True))
    wanted = [SiteText.Kind.NAME, SiteText.Kind.IMPRINT, SiteText.Kind.PRIVACY]
    missing = [kind.label for kind in wanted if kind not in kinds]
    return State(not missing, f"Not written yet: {', '.join(missing)}." if missing else "All are written.")


def crossings() -> State:
    count, total = loaded.progress()
    return State(count >= total, f"{count} of {total} crossings are here.")


def mail() -> State:
    """Done if the settings name a mail server, and the doctor found nothing wrong with it."""
    finding, found = deployment.letters(), runs.latest()
    if finding.level is not Level.RIGHT:
        return State(False, f"{finding.words} {finding.advice}".strip())
    if settings.SMTP_HOST and found is None:
        return State(False, f"{finding.words} The doctor has not tried it yet.")
    wrong = found.wrong_letters if found and settings.SMTP_HOST else []
    return State(not wrong, " ".join([finding.words, *(f"{row.words} {row.advice}" for row in wrong[:1])]).strip())


def doctor() -> State:
    found = runs.latest()
    if found is None:
        return State(False, "The doctor has not looked yet.")
    old = " That is a while ago." if runs.is_old(found) else ""
    wrong = "Nothing is wrong" if found.is_right else f"{found.wrong_count} wrong"
    return State(found.is_right and not old, f"{wrong}, {found.warnings_count} warnings.{old}")


def _are(count: int, noun: str) -> str:
    return f"is 1 {noun}" if count == 1 else f"are {count} {noun}s"


POINTS = [
    Point("administrator", "An administrator", "Somebody has to keep the place.", "forum:staff", "Staff pages",
          administrator),
    Point("sections", "Sections and subforums", "Choose from ready ones, or make your own.", "forum:presets",
          "Choose", sections),
    Point("access", "Who reads and writes where", "At least one place for all, and one for the staff to talk.",
          "forum:staff", "Look at the subforums", access),
    Point("moderators", "Moderators", "Let the first members sign up, then name them on the page of a subforum.",
          "forum:staff", "Look at the subforums", moderators),
    Point("rules", "Rules", "A few short rules for the whole forum; subforums may have more.", "forum:edit-forum-rules",
          "Write the rules", rules),
    Point("texts", "Name, imprint, privacy", "What the site is called, who runs it, and what it keeps of people.",
          "forum:site-texts", "Write them", texts),
    Point("crossings", "Border crossings", "A list comes with the software; load it by one button.", "site:crossings",
          "Load them", crossings),
    Point("mail", "Letters", "New members confirm their address by a letter.", "site:doctor",
          "What the doctor says", mail),
    Point("doctor", "The doctor", "It looks each night at everything that can go wrong.", "site:doctor",
          "Let it look", doctor),
]  # fmt: skip
BY_KEY = {point.key: point for point in POINTS}


def shown() -> list[Shown]:
    """All points with their state, in order."""
    away = set(PutAwayPoint.objects.values_list("key", flat=True))
    return [Shown(point, point.look(), point.key in away) for point in POINTS]


@transaction.atomic
def put_away(user: User, key: str) -> None:
    """Put a point away for all administrators. Idempotent. Raises NotAllowed, and KeyError for an unknown one."""
    _refuse_others(user)
    PutAwayPoint.objects.get_or_create(key=BY_KEY[key].key, defaults={"put_away_by": user})


@transaction.atomic
def bring_back(user: User, key: str) -> None:
    """Bring a point back that was put away. Idempotent. Raises NotAllowed, and KeyError for an unknown one."""
    _refuse_others(user)
    PutAwayPoint.objects.filter(key=BY_KEY[key].key).delete()


def _refuse_others(user: User) -> None:
    if not can_administer(user):
        raise NotAllowed
