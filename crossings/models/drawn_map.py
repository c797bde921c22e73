from django.db import models


class DrawnMap(models.Model):
    """A map without its marks, drawn once. Its key says all of what it shows, so that it is never old."""

    key = models.CharField(max_length=64, primary_key=True)
    svg = models.TextField()
    # By crossing: where its name goes.
    labels = models.JSONField()
    has_disputed = models.BooleanField()
    drawn_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
