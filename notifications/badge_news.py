"""Who hears of experts' badges: whom an application asks for their word, and a member whose badge falls asleep.

Members hear what administrators decide as of an act of moderators (notifications/news/moderation_news.py).
"""

from django.db.models import Q

from accounts.models import ExpertBadge, User
from accounts.models.user import keeps_rank, may_write
from accounts.text.plain_text import isolated
from crossings.models import BadgeApplication, Country
from notifications.models import Notification
from notifications.news.tell import Cause, tell_all

Kind = Notification.Kind
MOST_EXPERTS = 50


def tell_of_application(application_id: int) -> None:
    """Ask awake experts of the same, and administrators. Idempotent."""
    found = BadgeApplication.objects.waiting().select_related("applicant").filter(pk=application_id).first()
    if found is None:
        return
    about = ", ".join(Country.objects.filter(pk__in=found.countries).values_list("name", flat=True)) or found.subject
    subject = f"{isolated(found.applicant.username)} asks for an expert's badge: {about}"
    words = "Read the answers, and say whether you agree. Two experts or moderators must."
    url = found.get_absolute_url()
    key = f"badge-asked-{found.pk}"
    asked = [*_experts_of_the_same(found), *_administrators(found)]
    tell_all(asked, Cause(Kind.BADGE, key, url, subject=subject, words=words, actor_id=found.applicant_id))


def tell_of_sleep(badge_id: int, change_id: int) -> None:
    """Tell the member that a badge fell asleep by this change. Idempotent."""
    badge = ExpertBadge.objects.asleep().select_related("user").filter(pk=badge_id, user__is_active=True).first()
    if badge is None:
        return
    words = "It was not used for a year, and is not shown beside your posts. One answer or one “still true” wakes it."
    subject, url = f"Your badge “{isolated(badge.title)}” is asleep", badge.user.get_absolute_url()
    tell_all([badge.user_id], Cause(Kind.BADGE, f"badge-asleep-{change_id}", url, subject=subject, words=words))


def _experts_of_the_same(application: BadgeApplication) -> list[int]:
    same = Q(countries__overlap=application.countries) if application.countries else Q(subject=application.subject)
    badges = ExpertBadge.objects.awake().filter(same, may_write("user__")).exclude(user=application.applicant_id)
    return list(badges.order_by("-given_at").values_list("user", flat=True)[:MOST_EXPERTS])


def _administrators(application: BadgeApplication) -> list[int]:
    return list(
        User.objects.filter(may_write(), keeps_rank(), is_staff=True)
        .exclude(pk=application.applicant_id)
        .values_list("pk", flat=True)
    )
