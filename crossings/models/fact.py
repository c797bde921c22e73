from django.db import models

from crossings.models.crossing import Confidence, Crossing


class CrossingFact(models.Model):
    """What the editors know of one side of a crossing: its papers, its hours. Each says as of when."""

    class Kind(models.TextChoices):
        PAPERS = "papers", "Papers"
        HOURS = "hours", "Hours"
        SEASON = "season", "Season and holidays"
        VEHICLE = "vehicle", "Vehicles"
        BETWEEN = "between", "Between the posts"
        ROAD = "road", "Road"
        GETTING_THERE = "getting-there", "Getting there"

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    text = models.CharField(max_length=300)
    as_of = models.DateField()
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=6, choices=Confidence.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crossing", "kind"], name="one_fact_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.crossing_id}"
