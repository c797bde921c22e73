from typing import NamedTuple

from django.conf import settings
from django.db import models


class Frequency(models.TextChoices):
    """How soon a member gets letters of a category."""

    AT_ONCE = "now", "At once"
    DAILY = "day", "Once a day"
    WEEKLY = "week", "Once a week"
    NEVER = "never", "Never"


class Category(models.TextChoices):
    """What letters are about; members choose a frequency for each. The values are part of signed links."""

    REPLIES = "replies", "Somebody answers or quotes me"
    MENTIONS = "mentions", "Somebody mentions me"
    ANSWERS = "answers", "My answer is accepted"
    CROSSINGS = "crossings", "A border I watch changes"
    TOPICS = "topics", "New topics in what I watch"
    QUESTIONS = "questions", "Questions in the country of my badge"
    REACTIONS = "reactions", "Helpful and still true"
    REMINDERS = "reminders", "Reminders of my bookmarks"
    THROUGH = "through", "Did you get through?"
    ACTS = "acts", "Decisions of moderators about my posts, and why"


class Facts(NamedTuple):
    """The default frequency of a category, its second line on the page of settings, and whether a digest has it."""

    default: Frequency
    help_text: str = ""
    can_wait: bool = True


CATEGORIES: dict[Category, Facts] = {
    Category.REPLIES: Facts(Frequency.AT_ONCE, "In my topic or one I watch, to my post"),
    Category.MENTIONS: Facts(Frequency.AT_ONCE),
    Category.ANSWERS: Facts(Frequency.AT_ONCE, "Or confirmed, doubted, called outdated; an answer I marked changed"),
    Category.CROSSINGS: Facts(Frequency.DAILY, "If I plan a day there at once, unless never"),
    Category.TOPICS: Facts(Frequency.DAILY),
    Category.QUESTIONS: Facts(Frequency.DAILY, "And who asks for a badge, or that mine sleeps"),
    Category.REACTIONS: Facts(Frequency.NEVER),
    Category.REMINDERS: Facts(Frequency.DAILY),
    Category.THROUGH: Facts(Frequency.AT_ONCE, "Once, three days after the day I planned", can_wait=False),
    Category.ACTS: Facts(Frequency.AT_ONCE, can_wait=False),
}


class Subscription(models.Model):
    """A member's choice of a frequency; without a row the default of the category counts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    category = models.CharField(max_length=9, choices=Category.choices)
    frequency = models.CharField(max_length=5, choices=Frequency.choices)
    # What it was before it was stopped by a link, for "send them again". Empty if it was not.
    before = models.CharField(max_length=5, choices=Frequency.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="one_frequency_for_each_category"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.frequency} to {self.user_id}"
