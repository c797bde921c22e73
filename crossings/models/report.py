from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, DateField, F, Func, Q, When

from accounts.readers import ReaderFacts
from crossings.models.crossing import Crossing
from forum.models import Post

MOST_MINUTES = 2880  # two days; longer waits are told in days
MOST_DAYS = 60
# How long an author's wish hides the day of crossing.
DELAY = timedelta(days=14)
# What is older than three years is kept for the record: it changes neither the status nor medians.
FOR_THE_RECORD_AFTER = timedelta(days=3 * 365 + 1)


class Direction(models.TextChoices):
    A_TO_B = "a-b"
    B_TO_A = "b-a"


class Mode(models.TextChoices):
    """How one travels."""

    BICYCLE = "bicycle", "Bicycle"
    FOOT = "foot", "On foot"
    MOTORCYCLE = "motorcycle", "Motorcycle"
    CAR = "car", "Car or van"
    TRUCK = "truck", "Camper or truck"
    BUS = "bus", "Bus"
    TAXI = "taxi", "Shared taxi"
    TRAIN = "train", "Train"
    BOAT = "boat", "Boat or ferry"
    HITCHHIKING = "hitchhiking", "Hitchhiking"
    TOUR = "tour", "Group tour"


class Outcome(models.TextChoices):
    CROSSED = "crossed", "Crossed freely"
    CONDITIONS = "conditions", "Crossed with conditions"
    REFUSED_AT_EXIT = "refused-exit", "Refused at exit"
    REFUSED_AT_ENTRY = "refused-entry", "Refused at entry"
    FOUND_CLOSED = "found-closed", "Found closed"
    TURNED_BACK = "turned-back", "Turned back before the post"

    @classmethod
    def passes(cls) -> list["Outcome"]:
        return [cls.CROSSED, cls.CONDITIONS]


class Reason(models.TextChoices):
    """Why somebody did not get through."""

    PAPERS = "papers", "A paper was missing or not accepted"
    PASSPORT = "passport", "Not with my passport"
    TRANSPORT = "transport", "Not with my transport"
    HOURS = "hours", "Outside opening hours, or a holiday"
    SHUT = "shut", "Closed to everybody"
    ROAD = "road", "Road, snow or weather"
    DANGER = "danger", "Too dangerous"
    OTHER = "other", "Another reason"


# Why somebody found a post shut that rested by its calendar; without a reason it may be that, too.
BY_THE_CALENDAR = frozenset({"", Reason.HOURS, Reason.SHUT, Reason.OTHER})


class PassportGroup(models.TextChoices):
    EU = "eu", "EU or Schengen"
    UK = "uk", "United Kingdom"
    US_CA = "us-ca", "USA or Canada"
    AU_NZ = "au-nz", "Australia or New Zealand"
    CIS = "cis", "CIS"
    ASIA = "asia", "Another country in Asia"
    OTHER = "other", "Another country"


class Paper(models.TextChoices):
    VISA = "visa", "Visa"
    E_VISA = "e-visa", "E-visa"
    VISA_FREE = "visa-free", "Visa-free stamp"
    LOI = "loi", "Letter of invitation"
    BORDER_PERMIT = "border-permit", "Border-zone permit"
    GBAO = "gbao", "GBAO permit"
    GROUP_VISA = "group-visa", "Group visa"
    CARNET = "carnet", "Carnet"
    TIP = "tip", "Temporary import permit"
    INSURANCE = "insurance", "Insurance"
    HOTEL_SLIPS = "hotel-slips", "Hotel slips"
    VACCINATION = "vaccination", "Vaccination"


class Between(models.TextChoices):
    """How one got from post to post."""

    WALKED = "walked", "Walked"
    RODE = "rode", "Rode"
    SHUTTLE = "shuttle", "Shuttle"
    TAXI = "taxi", "Taxi"
    PICKUP = "pickup", "Pickup"
    OWN_VEHICLE = "own", "Own vehicle"


class UnofficialPayment(models.TextChoices):
    NOT_ASKED = "no", "Not asked"
    NOT_PAID = "asked", "Asked, not paid"
    PAID = "paid", "Paid"


class Check(models.TextChoices):
    BAGS = "bags", "Bags"
    X_RAY = "x-ray", "X-ray"
    PHONE = "phone", "Phone"
    QUESTIONS = "questions", "Questions"
    DRONE = "drone", "Drone"
    MEDICINE = "medicine", "Medicine"


class Road(models.TextChoices):
    PAVED = "paved", "Paved"
    GRAVEL = "gravel", "Gravel"
    CLAY = "clay", "Clay"
    SNOW = "snow", "Snow"


class Staff(models.TextChoices):
    EASY = "easy", "Easy"
    NORMAL = "normal", "Normal"
    HARD = "hard", "Hard"


class ReportQuerySet(models.QuerySet["CrossingReport"]):
    def visible_to(self, user: ReaderFacts) -> "ReportQuerySet":
        """Reports whose story the user may read, and which is neither hidden nor held."""
        return self.filter(post__in=Post.objects.visible_to(user).readable())

    def readable_by_all(self) -> "ReportQuerySet":
        """What counts for the status: first of all that everybody may read the story."""
        return self.filter(post__in=Post.objects.readable_by_all())

    def turned_back(self) -> "ReportQuerySet":
        return self.exclude(outcome__in=Outcome.passes())

    def newest_first(self, today: date) -> "ReportQuerySet":
        """By `public_on`: where a report stands must not tell a day that is delayed."""
        dated = self.alias(monday=_monday()).annotate(public_on=public_on(today))
        # Both days have the same Monday, and by Mondays the index finds the newest without sorting all.
        return dated.order_by("-monday", "-public_on", "-post_id")

    def older_than(self, report_id: int) -> "ReportQuerySet":
        """Those that come after one of these, in the order of `newest_first`; none, if it is not one of these."""
        last = self.filter(pk=report_id).order_by()
        day, post = (models.Subquery(last.values(name)[:1]) for name in ("public_on", "post_id"))
        follows = Q(public_on__lt=day) | Q(public_on=day, post_id__lt=post)
        return self.filter(follows, monday__lte=day)


def public_on(today: date) -> Case:
    """The day as others may know it: of a report that is delayed, the Monday of its week."""
    is_delayed = Q(is_delayed=True, only_month=False, crossed_on__gt=today - DELAY)
    return Case(When(is_delayed, then=_monday()), default="crossed_on")


def _monday() -> Func:
    """Of the week of crossing. Written so that it can be indexed: the same in every time zone."""
    template = "date_trunc('week', %(expressions)s::timestamp)::date"
    return Func(F("crossed_on"), template=template, output_field=DateField())


def _choice(choices: type[models.TextChoices], length: int, **more: object) -> models.CharField:
    return models.CharField(max_length=length, choices=choices.choices, blank=True, **more)  # type: ignore[arg-type]


def _minutes() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(MOST_MINUTES)]
    )


class CrossingReport(models.Model):
    """What one traveller saw at a crossing on one day; the post is the story."""

    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, related_name="reports", db_index=False)
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="report")
    # The day at the gate; where only the month is public, its first day.
    crossed_on = models.DateField()
    only_month = models.BooleanField("Show only the month", default=False)
    # Until two weeks have passed, others see only the week.
    is_delayed = models.BooleanField("Show only the week until 14 days have passed", default=False)
    is_hearsay = models.BooleanField("I was not there, I heard of it", default=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    reason = _choice(Reason, 9)
    mode = models.CharField(max_length=11, choices=Mode.choices)
    passport_group = _choice(PassportGroup, 5)
    minutes_at_exit = _minutes()
    minutes_between = _minutes()
    minutes_at_entry = _minutes()
    days_waiting = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(MOST_DAYS)])
    papers = ArrayField(models.CharField(max_length=13, choices=Paper.choices), default=list, blank=True)
    between = _choice(Between, 7)
    unofficial_payment = _choice(UnofficialPayment, 5)
    checks = ArrayField(models.CharField(max_length=9, choices=Check.choices), default=list, blank=True)
    road_a = _choice(Road, 6)
    road_b = _choice(Road, 6)
    staff = _choice(Staff, 6)
    # The hours that stood on the gate of each side, as crossings/hours/spans.py writes them: "08:00-12:00 13:00-17:00".
    gate_hours_a = models.CharField(max_length=60, blank=True, default="", db_default="")
    gate_hours_b = models.CharField(max_length=60, blank=True, default="", db_default="")
    # The story is a sentence that the forum made of the facts, and follows them until somebody edits the post.
    story_from_facts = models.BooleanField(default=False, db_default=False, editable=False)
    edits_count = models.PositiveIntegerField(default=0, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["crossed", "conditions"], reason="")
                | ~Q(outcome__in=["crossed", "conditions"]),
                name="only_who_was_turned_back_says_why",
            ),
            models.CheckConstraint(condition=Q(crossed_on__gte="1990-01-01"), name="reports_begin_in_1990"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": MOST_MINUTES}),
                    name=f"{name}_within_two_days",
                )
                for name in ("minutes_at_exit", "minutes_between", "minutes_at_entry")
            ),
        ]
        indexes = [models.Index(F("crossing"), _monday().desc(), name="reports_of_a_crossing_by_week")]

    def __str__(self) -> str:
        return f"Report {self.pk} of {self.crossing_id}"

    @property
    def passes(self) -> bool:
        return self.outcome in Outcome.passes()

    def is_for_the_record(self, today: date) -> bool:
        return today - self.crossed_on > FOR_THE_RECORD_AFTER


class ReportFee(models.Model):
    """What somebody paid, officially, and for what."""

    report = models.ForeignKey(CrossingReport, on_delete=models.CASCADE, related_name="fees")
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    # A code of ISO 4217 (crossings/reports/currencies.py).
    currency = models.CharField(max_length=3)
    purpose = models.CharField(max_length=60)
    has_receipt = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class ReportRevision(models.Model):
    """What a report said before an edit of its facts."""

    report = models.ForeignKey(CrossingReport, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    # The facts by their names on the form, in words.
    facts = models.JSONField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_report_revision_per_number")]

    def __str__(self) -> str:
        return f"Version {self.number} of report {self.report_id}"
