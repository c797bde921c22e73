from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Reaction(models.Model):
    """One member's reaction to one post: helpful (thanks), still true, or outdated."""

    class Kind(models.TextChoices):
        HELPFUL = "helpful", "Helpful"
        STILL_TRUE = "still_true", "Still true"
        OUTDATED = "outdated", "Outdated"

    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reactions", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    given_at = models.DateTimeField()

    class Meta:
        # For "thanked this week" on the index (forum/counters/thanks_of_the_week.py).
        indexes = [
            models.Index(fields=["given_at"], condition=Q(kind="helpful"), name="thanks_by_time"),
            # Instead of the index of the foreign key; also finds the latest of a member.
            models.Index(F("user"), F("given_at").desc(), F("id").desc(), name="reactions_of_a_member"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["post", "user", "kind"], name="one_reaction_of_a_kind"),
            models.UniqueConstraint(
                fields=["post", "user"],
                condition=Q(kind__in=["still_true", "outdated"]),
                name="still_true_excludes_outdated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} finds {self.post_id} {self.kind}"


class WeeklyThanks(models.Model):
    """A single row: whose posts were found helpful most in the seven days before `counted_at`, as [primary key, count].

    Written by the worker, so that no visitor waits for it (forum/counters/thanks_of_the_week.py).
    """

    counted_at = models.DateTimeField()
    counts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.counted_at:%Y-%m-%d %H:%M}"


# So many members who call a post outdated, or one expert of a country that its topic is about, show that to all.
OUTDATED_NEEDED = 3
# One member cannot call a post both still true and outdated.
OPPOSITES = {
    Reaction.Kind.STILL_TRUE: Reaction.Kind.OUTDATED,
    Reaction.Kind.OUTDATED: Reaction.Kind.STILL_TRUE,
}
