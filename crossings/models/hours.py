from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from crossings.clock import zones
from crossings.clock.rules import Audience, Heading
from crossings.models.country import Country
from crossings.models.crossing import Confidence, Crossing
from crossings.models.report import CrossingReport

# What must not stand twice (the_same_hours_stand_once).
ONCE = [
    "side", "heading", "audience", "weekdays", "opens", "closes", "break_from", "break_to", "zone", "season_from",
    "season_to",
]  # fmt: skip
# What a row says: two that agree in all of it are the same.
SAID = [*ONCE, "as_of", "source", "confidence", "note"]
_MONTH_OR_DAY = r"(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?"


def check_zone(name: str) -> None:
    if zones.zone_of(name) is None:
        raise ValidationError(f"“{name}” is no time zone. Write it like Asia/Bishkek.")


class HoursQuerySet(models.QuerySet["Hours"]):
    def standing(self) -> "HoursQuerySet":
        return self.filter(withdrawn_at=None)

    def with_countries(self) -> "HoursQuerySet":
        return self.select_related("crossing__country_a", "crossing__country_b")

    def in_order(self) -> "HoursQuerySet":
        """By side, for whom, and the time of the day."""
        return self.order_by("side", "audience", "heading", "weekdays", F("opens").asc(nulls_last=True), "pk")


class Hours(models.Model):
    """Posted hours of one side of a crossing: for whom, which way, on which days, by which clock, since when known.

    What a row says never changes: a change withdraws it and enters another one, so all rows together are the history.
    """

    class Side(models.TextChoices):
        A = "a", "first country"
        B = "b", "second country"

    class For(models.TextChoices):
        ALL = Audience.ALL.value, "Everybody"
        CARS = Audience.CARS.value, "Cars"
        FOOT = Audience.FOOT.value, "On foot or by bicycle"
        PASSENGERS = Audience.PASSENGERS.value, "Passengers"
        FREIGHT = Audience.FREIGHT.value, "Freight"

    class Goes(models.TextChoices):
        BOTH = Heading.BOTH.value, "Both ways"
        IN = Heading.IN.value, "Coming in"
        OUT = Heading.OUT.value, "Going out"

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="hours")
    side = models.CharField(max_length=1, choices=Side.choices)
    heading = models.CharField("which way", max_length=4, choices=Goes.choices, default=Goes.BOTH)
    audience = models.CharField("for whom", max_length=10, choices=For.choices, default=For.ALL)
    # ISO days of the week, Monday is 1, in order.
    weekdays = models.CharField(max_length=7, default="1234567", validators=[RegexValidator("^1?2?3?4?5?6?7?$")])
    # Minutes after midnight by the clock of `zone`. One of the two may be what nobody told. What ends before it
    # begins ends on the next day.
    opens = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(1439)])
    closes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(1440)])
    break_from = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(1439)])
    break_to = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(1440)])
    zone = models.CharField("time zone", max_length=40, validators=[check_zone])
    # A month ("12") or a day of the year ("12-08"), both or none.
    season_from = models.CharField(max_length=5, blank=True, validators=[RegexValidator(f"^{_MONTH_OR_DAY}$")])
    season_to = models.CharField(max_length=5, blank=True, validators=[RegexValidator(f"^{_MONTH_OR_DAY}$")])
    as_of = models.DateField(help_text="The first day of the month to which it was known.")
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=6, choices=Confidence.choices)
    note = models.CharField(max_length=200, blank=True)
    # The newest day on which a member who was there said "still so", as others may know it.
    confirmed_on = models.DateField(null=True, editable=False)
    # Nobody: it came with the software.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    replaces = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replaced_by")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "hours"
        constraints = [
            models.UniqueConstraint(
                fields=["crossing", *ONCE],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="the_same_hours_stand_once",
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=False) | Q(closes__isnull=False), name="hours_begin_or_end"
            ),
            models.CheckConstraint(
                condition=Q(opens=None) | Q(closes=None) | ~Q(opens=F("closes")), name="hours_last_some_time"
            ),
            models.CheckConstraint(
                condition=Q(break_from=None, break_to=None)
                | Q(break_from__isnull=False, break_to__isnull=False, opens__isnull=False, closes__isnull=False),
                name="a_break_begins_and_ends_within_hours",
            ),
            models.CheckConstraint(condition=~Q(weekdays=""), name="hours_have_a_day"),
            models.CheckConstraint(
                condition=Q(season_from="", season_to="") | ~Q(season_from="") & ~Q(season_to=""),
                name="a_season_begins_and_ends",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Hours {self.pk} of {self.crossing_id}"

    @property
    def country(self) -> Country:
        return self.crossing.country_of(self.side)

    @property
    def true_on(self) -> date:
        """The newest day on which it was known to be so."""
        return max(self.as_of, self.confirmed_on or self.as_of)


class HoursConfirmation(models.Model):
    """ "Still so", of a member who was there: with the report that says when."""

    hours = models.ForeignKey(Hours, on_delete=models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(CrossingReport, on_delete=models.CASCADE, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hours", "by"], name="one_still_so_per_member")]

    def __str__(self) -> str:
        return f"{self.by_id} confirms hours {self.hours_id}"
