from django.conf import settings
from django.db import models


class PutAwayPoint(models.Model):
    """A point of the checklist that administrators need no more, although it is not done (config/checklist)."""

    key = models.SlugField(max_length=20, unique=True)
    put_away_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    put_away_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
