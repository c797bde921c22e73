from django.db import models


class RateCount(models.Model):
    """How often a member or address did something in the current window. An unlogged table: a crash may empty it."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField()
    started_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="rate_counts_by_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
