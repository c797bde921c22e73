from django.conf import settings
from django.db import models


class PrivateFeed(models.Model):
    """The secret address of a member's news feed or calendar, for programs that cannot sign in.

    Only a hash of the token is kept: the address is shown once, when it is made, and a copy of the database opens none.
    """

    class Kind(models.TextChoices):
        NEWS = "news", "News"
        DATES = "dates", "Dates and closures"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="private_feeds")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_private_feed_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
