from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Greatest
from django.urls import reverse

from crossings.models.country import Country
from crossings.models.notice import Notice
from pagecache import versions
from pagecache.prepared import text_mark


class Status(models.TextChoices):
    """Whether foreigners, that is people of neither of the two countries, get through."""

    OPEN = "open", "Open"
    LIMITED = "limited", "Restricted"
    BILATERAL = "bilateral", "Neighbours only"
    CLOSED = "closed", "Closed"
    DISPUTED = "disputed", "Disputed"
    # What the editors said is past its half-life: with what it was, "Not known. Open in June 2024".
    STALE = "stale", "Not known"
    UNKNOWN = "unknown", "Not known"

    @classmethod
    def of_editors(cls) -> list[tuple[str, str]]:
        """What editors may say: a dispute is between reports, and time makes stale."""
        return [choice for choice in cls.choices if choice[0] not in {cls.DISPUTED, cls.STALE}]

    @property
    def in_filters(self) -> str:
        """Its name where both kinds of "not known" stand side by side."""
        return {self.STALE: "Not known, was known", self.UNKNOWN: "Never known"}.get(self, self.label)


class StatusSource(models.TextChoices):
    """What the shown status rests on."""

    NOTICE = "notice", "an official notice"
    REPORTS = "reports", "first-hand reports"
    EDITORS = "editors", "the editors"
    # Only in the history: nobody saw anything new.
    RULE = "rule", "a new rule for statuses"


class Confidence(models.TextChoices):
    """How sure the source of a fact was of it."""

    HIGH = "high", "high"
    MEDIUM = "medium", "medium"
    LOW = "low", "low"


_ARTICLES = [f"country_{side}__{name}" for side in "ab" for name in ("article", "article_html")]
SWAPPED = "A latitude here is from -85 to 85. Were latitude and longitude swapped?"


class CrossingQuerySet(models.QuerySet["Crossing"]):
    def with_status(self, today: date) -> "CrossingQuerySet":
        """Adds `shown_status` and `shown_source` as they are on a day: a notice, else reports, else the editors
        for as long as what they say is fresh."""
        return self.annotate(**shown_on(today))

    def with_danger(self, today: date) -> "CrossingQuerySet":
        """Adds `in_danger`: an official notice in effect warns of danger."""
        warned = Notice.objects.in_effect(today).filter(kind=Notice.Kind.DANGER, crossing=OuterRef("pk"))
        return self.annotate(in_danger=Exists(warned))

    def with_changed_on(self, today: date) -> "CrossingQuerySet":
        """Adds `changed_on`, the day of the newest change that is known: of the status, by a report, by a notice that
        began, or the editors' month."""
        changes = StatusChange.objects.filter(crossing=OuterRef("pk")).order_by("-changed_on")
        notices = Notice.objects.filter(crossing=OuterRef("pk"), begins_on__lte=today).order_by("-begins_on")
        days = [Subquery(changes.values("changed_on")[:1]), Subquery(notices.values("begins_on")[:1])]
        return self.annotate(changed_on=Greatest(*days, "newest_on", "as_of"))  # which leaves out NULLs

    def in_boxes(self, *boxes: tuple[float, float, float, float]) -> "CrossingQuerySet":
        """From west and south to east and north, in degrees."""
        inside = Q()
        for west, south, east, north in boxes:
            inside |= Q(longitude__range=(west, east), latitude__range=(south, north))
        return self.filter(inside)

    def with_one_of(self, statuses: list[str]) -> "CrossingQuerySet":
        """Those that are shown so; after with_status."""
        return self.filter(Q(**{"shown_status__in": statuses}))

    def with_countries(self) -> "CrossingQuerySet":
        """Joined, without their articles, which would be larger than all the rest."""
        return self.select_related("country_a", "country_b").defer(*_ARTICLES)

    def of_country(self, code: str) -> "CrossingQuerySet":
        return self.filter(Q(country_a=code) | Q(country_b=code))


def shown_on(today: date, prefix: str = "") -> dict[str, Case]:
    """`shown_status` and `shown_source`, for annotating whatever has a crossing at the end of `prefix`."""
    shut = Exists(Notice.objects.closing(today).filter(crossing=OuterRef(f"{prefix}pk")))
    reported = Q(**{f"{prefix}speaks_until__gte": today})
    disputed = Q(**{f"{prefix}disputed_until__gte": today})
    stale = ~Q(**{f"{prefix}editors_status": Status.UNKNOWN}) & (
        _older_than(today, settings.CROSSING_STATUS["half_life"], f"{prefix}as_of")
        | Q(**{f"{prefix}in_conflict_zone": True})
        & _older_than(today, settings.CROSSING_STATUS["half_life_in_conflict"], f"{prefix}as_of")
    )
    return {
        "shown_status": Case(
            When(shut, then=Value(Status.CLOSED.value)),
            When(reported, then=F(f"{prefix}reported_status")),
            When(disputed, then=Value(Status.DISPUTED.value)),
            When(stale, then=Value(Status.STALE.value)),
            default=F(f"{prefix}editors_status"),
            output_field=CharField(),
        ),
        "shown_source": Case(
            When(shut, then=Value(StatusSource.NOTICE.value)),
            When(reported | disputed, then=Value(StatusSource.REPORTS.value)),
            default=Value(StatusSource.EDITORS.value),
            output_field=CharField(),
        ),
    }


def _older_than(today: date, days: float, field: str) -> Q:
    return Q(**{f"{field}__lt": today - timedelta(days=days)})


@lru_cache(4_096)
def _address(slug: str) -> str:
    """Maps and lists ask for the addresses of a hundred crossings, for a tenth of their CPU time."""
    return reverse("crossings:crossing", args=[slug])


class Crossing(models.Model):
    """A border crossing: two posts and the road, rail or water between."""

    class Kind(models.TextChoices):
        ROAD = "road", "Road"
        RAIL = "rail", "Rail"
        FERRY = "ferry", "Ferry"
        FOOT = "foot", "Foot only"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    # In the order of their codes, so that a pair of countries has one order.
    country_a = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    country_b = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    post_a = models.CharField("post of the first country", max_length=80, blank=True)
    post_b = models.CharField("post of the second country", max_length=80, blank=True)
    # Where the line is crossed, in degrees (WGS 84). For maps of a region, never for navigation.
    # Nobody crosses a border beyond 85: there the two numbers were swapped, and no map can be drawn.
    latitude = models.FloatField(validators=[MinValueValidator(-85, SWAPPED), MaxValueValidator(85, SWAPPED)])
    longitude = models.FloatField(validators=[MinValueValidator(-180), MaxValueValidator(180)])
    altitude_m = models.PositiveSmallIntegerField("altitude in metres", null=True, blank=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    # The clock on the wall of each post (IANA), and one that people there name as well, such as that of Xinjiang.
    zone_a = models.CharField("clock of the first post", max_length=40, blank=True, default="", db_default="")
    zone_b = models.CharField("clock of the second post", max_length=40, blank=True, default="", db_default="")
    also_a = models.CharField("other clock of the first post", max_length=40, blank=True, default="", db_default="")
    also_b = models.CharField("other clock of the second post", max_length=40, blank=True, default="", db_default="")
    clock_note = models.CharField(
        "what else to know of the clocks", max_length=200, blank=True, default="", db_default=""
    )
    towns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Where fighting changes things quickly, reports speak for a shorter time.
    in_conflict_zone = models.BooleanField(default=False)
    # States do not agree whose ground one of the posts stands on. `country_a` and `country_b` say who runs them.
    is_territory_disputed = models.BooleanField(default=False, db_default=False)

    # What the editors say, and since when they know: shown when no report speaks.
    editors_status = models.CharField(max_length=9, choices=Status.of_editors(), default=Status.UNKNOWN)
    as_of = models.DateField(help_text="The first day of the month to which the facts were looked after.")
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=6, choices=Confidence.choices)

    # What reports say (crossings/status/judgement.py), and the last day on which they speak. Until the later day, on
    # which reports of both sides are still recent, it is disputed.
    reported_status = models.CharField(max_length=9, choices=Status.choices, blank=True, editable=False)
    speaks_until = models.DateField(null=True, editable=False)
    disputed_until = models.DateField(null=True, editable=False)
    confirmed_on = models.DateField(null=True, editable=False)
    confirmed_count = models.PositiveIntegerField(default=0, editable=False)
    contradicted = models.BooleanField(default=False, editable=False)
    reports_count = models.PositiveIntegerField(default=0, editable=False)
    # What reports say of each direction and way of travelling: written and described in crossings/status/update.py.
    cells = models.JSONField(default=list, editable=False)
    # Who told what last, the newer side first: written in crossings/status/evidence.py, and put into words in lead.py.
    evidence = models.JSONField(default=list, editable=False)
    # What crossing takes, by those who told it: written and put into words in crossings/status/medians.py.
    figures = models.JSONField(default=dict, editable=False)
    # Posted hours, and what was read at the gates lately: written and read in crossings/hours/kept.py.
    kept_hours = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    # What the history of the status said last, and the day to which it was looked after.
    noted_status = models.CharField(max_length=9, choices=Status.choices, blank=True, editable=False)
    # The newest first-hand report of those that count, and its day as others may know it.
    newest_report = models.ForeignKey(
        "crossings.CrossingReport", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    newest_on = models.DateField(null=True, editable=False)
    # The running topic in which its reports stand: one for a crossing, and no topic is that of two.
    report_topic = models.OneToOneField(
        "forum.Topic", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # Kept pages of this crossing and of topics linked to it end when it rises.
    version = models.PositiveBigIntegerField(default=0, editable=False)

    shown_status: str  # told by with_status
    shown_source: str
    in_danger: bool  # told by with_danger
    changed_on: date  # told by with_changed_on
    anchor: str  # set by crossings/overview/alphabet.py

    objects = CrossingQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(country_a__lt=F("country_b")), name="countries_in_order_of_their_codes"),
        ]
        indexes = [
            models.Index(fields=["country_a"], name="crossings_of_a"),
            models.Index(fields=["country_b"], name="crossings_of_b"),
            # The home page and the lists of crossings ask for the sum at each request, also when they are kept.
            models.Index(fields=["version"], name="crossings_by_version"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return _address(self.slug)

    @property
    def countries(self) -> tuple[Country, Country]:
        return self.country_a, self.country_b

    def country_of(self, side: str) -> Country:
        """Of the first post ("a") or of the second ("b")."""
        return self.country_a if side == "a" else self.country_b

    @property
    def country_codes(self) -> dict[str, str]:
        """By side, without a query."""
        return {"a": self.country_a_id, "b": self.country_b_id}

    @property
    def country_names(self) -> dict[str, str]:
        """By side."""
        return {"a": self.country_a.name, "b": self.country_b.name}

    @property
    def clocks(self) -> dict[str, tuple[str, str]]:
        """By side the zone of the clock on the wall, and the one that people there name as well."""
        return {"a": (self.zone_a, self.also_a), "b": (self.zone_b, self.also_b)}


class CrossingName(models.Model):
    """One way to write the name of a crossing, in any script, as people typed it."""

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=80)
    # Also an ordinary word, a person's name or a town: it counts only beside a country, a town or a border word.
    needs_context = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["crossing", "text"], name="a_crossing_has_a_name_once")]

    def __str__(self) -> str:
        return self.text


class StatusChange(models.Model):
    """The shown status became another one."""

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="status_changes")
    changed_on = models.DateField()
    before = models.CharField(max_length=9, choices=Status.choices)
    after = models.CharField(max_length=9, choices=Status.choices)
    source = models.CharField(max_length=7, choices=StatusSource.choices)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_on", "-pk"]
        indexes = [models.Index(F("crossing"), F("changed_on").desc(), name="status_history")]

    def __str__(self) -> str:
        return f"{self.before} to {self.after} on {self.changed_on}"


def _on_its_map() -> Subquery:
    """The map of a crossing shows the statuses of those near it: at most 200 km to the east and west, 113 to the north
    and south. When one moves or is new, the site's version rises."""
    near = Crossing.objects.filter(
        latitude__gt=OuterRef("latitude") - 1.5,
        latitude__lt=OuterRef("latitude") + 1.5,
        longitude__gt=OuterRef("longitude") - 5.0,
        longitude__lt=OuterRef("longitude") + 5.0,
    )
    return versions.of_others(near, versions.Total("version"))


versions.register("crossing", lambda: Crossing.objects.filter(slug=text_mark(0)), "version", _on_its_map)
versions.register("crossings", lambda: Crossing.objects.all(), versions.Total("version"))
# The home page shows what changed at any of them, in fragments that do not depend on the forum.
versions.register("borders", lambda: Crossing.objects.all(), versions.CountAndTotal("version"))
versions.depends_also("index", lambda: versions.of_others(Crossing.objects.all(), versions.CountAndTotal("version")))
# Pages of countries (crossings/models/country.py) show their crossings. Versions only rise and crossings are never
# removed, so a sum that stands still says that all of them do.
versions.depends_also(
    "countries", lambda: versions.of_others(Crossing.objects.all(), versions.CountAndTotal("version"))
)
versions.depends_also(
    "country",
    lambda: versions.of_others(
        Crossing.objects.filter(Q(country_a=OuterRef("pk")) | Q(country_b=OuterRef("pk"))),
        versions.CountAndTotal("version"),
    ),
)
