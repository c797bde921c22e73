from django.db import models


class WeeklyThanks(models.Model):
    """A single row: whose posts were found helpful most in the seven days before `counted_at`, as [primary key, count].

    Written by the worker, so that no visitor waits for it (forum/counters/thanks_of_the_week.py).
    """

    counted_at = models.DateTimeField()
    counts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.counted_at:%Y-%m-%d %H:%M}"
