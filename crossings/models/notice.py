from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class NoticeQuerySet(models.QuerySet["Notice"]):
    def standing(self) -> "NoticeQuerySet":
        return self.filter(withdrawn_at=None)

    def in_effect(self, day: date) -> "NoticeQuerySet":
        """Standing, begun and not ended on this day."""
        return self.standing().filter(Q(ends_on=None) | Q(ends_on__gte=day), begins_on__lte=day)

    def closing(self, day: date) -> "NoticeQuerySet":
        """In effect, and of a kind that closes the crossing; first the one that began last."""
        return self.in_effect(day).that_close().order_by("-begins_on", "-pk")

    def that_close(self) -> "NoticeQuerySet":
        return self.filter(kind__in=Notice.Kind.that_close())

    def not_over(self, day: date) -> "NoticeQuerySet":
        """In effect, or announced for later."""
        return self.standing().filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Notice(models.Model):
    """What an official source says of a crossing for some days: it ends by itself."""

    class Kind(models.TextChoices):
        CLOSURE = "closure", "Closed"
        HOLIDAY = "holiday", "Closed for holidays"
        SEASON = "season", "Closed for the season"
        DANGER = "danger", "Danger"

        @classmethod
        def that_close(cls) -> list["Notice.Kind"]:
            return [cls.CLOSURE, cls.HOLIDAY, cls.SEASON]

    crossing = models.ForeignKey("crossings.Crossing", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    text = models.CharField(max_length=300)
    source = models.URLField("address of the source", max_length=300)
    begins_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True, help_text="Leave it empty while nobody knows.")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["begins_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")), name="a_notice_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def closes_on(self, day: date) -> bool:
        return self.kind in self.Kind.that_close() and self.covers(day)

    def covers(self, day: date) -> bool:
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)
