from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from crossings.models import Crossing, Direction
from notifications.models.subscription import Category


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self) -> "LetterQuerySet":
        """Letters that are neither sent nor given up."""
        return self.filter(sent_at=None, dropped_at=None)

    def about_accounts(self) -> "LetterQuerySet":
        """Confirmations, new passwords and security notices."""
        return self.filter(kind=Letter.Kind.ACCOUNT)


class Letter(models.Model):
    """One e-mail to one member. Its text is composed when it is sent, from the state of that time.

    A letter about an account may go to an address that belongs to nobody; then `user` is None.
    """

    class Kind(models.TextChoices):
        NEWS = "news", "News, at once"
        DAY = "day", "What happened, once a day"
        WEEK = "week", "What happened, once a week"
        THROUGH = "through", "Did you get through?"
        ACTS = "acts", "Decisions of moderators about your posts, and why"
        ACCOUNT = "account", "About your account"

    # None for some letters about accounts alone, hence the type: whatever reads other kinds need not ask.
    user: "models.ForeignKey[User | None, User]" = models.ForeignKey(  # type: ignore[misc]
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="letters"
    )
    kind = models.CharField(max_length=7, choices=Kind.choices)
    # The idempotency key, unique per member.
    key = models.CharField(max_length=120)
    # What a letter at once is about, for its unsubscribe link; empty for digests.
    category = models.CharField(max_length=9, choices=Category.choices, blank=True, default="")
    # The conversation in mail programs, such as "topic-5" or "crossing-7"; empty for none.
    thread = models.CharField(max_length=40, blank=True, default="")
    # Of letters about accounts: what for (accounts/signup/account_mail.py), and where to if not to the member's own
    # address. The address is forgotten once the letter is sent or given up.
    purpose = models.CharField(max_length=60, blank=True, default="", db_default="")
    address = models.EmailField(blank=True, default="", db_default="")
    made_at = models.DateTimeField()
    # When to try to send it (again).
    due_at = models.DateTimeField(default=timezone.now)
    # Set before each attempt, and attempts are counted: no letter is lost if the worker is killed during one.
    begun_at = models.DateTimeField(null=True, blank=True)
    beginnings_count = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    # Why it was not sent (yet).
    problem = models.CharField(max_length=200, blank=True)
    # Crossing and day that "Did you get through?" asks about.
    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    travel_on = models.DateField(null=True, blank=True)
    direction = models.CharField(max_length=3, choices=Direction.choices, blank=True)
    # When the member answered, by a report or by "I did not go".
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_letter_per_key"),
            models.UniqueConstraint(
                fields=["user", "purpose", "address"],
                condition=Q(kind="account", sent_at=None, dropped_at=None),
                nulls_distinct=False,
                name="one_waiting_letter_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(kind="account"), name="letters_have_a_member_but_about_accounts"
            ),
            models.CheckConstraint(
                condition=~Q(kind="through") | Q(crossing__isnull=False, travel_on__isnull=False),
                name="who_asks_whether_you_got_through_says_where_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, dropped_at=None), name="letters_due"),
            models.Index(
                fields=["due_at"],
                condition=Q(kind="account", sent_at=None, dropped_at=None),
                name="account_letters_due",
            ),
            models.Index(fields=["user", "sent_at"], condition=Q(sent_at__isnull=False), name="letters_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose or self.key} to {self.user_id}"

    @property
    def asks_of(self) -> tuple[Crossing, date]:
        """Crossing and day that "Did you get through?" asks about."""
        if self.crossing is None or self.travel_on is None:
            raise ValueError(f"A letter of the kind {self.kind} asks of no crossing.")
        return self.crossing, self.travel_on

    def postpone(self, until: datetime, *, problem: str = "") -> None:
        """Take back the beginning of an attempt, and begin again at that time."""
        problem = "".join(sign if sign.isprintable() else " " for sign in problem)[:200]
        values = {"due_at": until, "begun_at": None, "beginnings_count": F("beginnings_count") - 1, "problem": problem}
        Letter.objects.filter(pk=self.pk).waiting().update(**values)

    def drop(self, why: str) -> None:
        """Give it up, with the reason."""
        if not self._as_begun().waiting().update(dropped_at=timezone.now(), problem=why[:200], address=""):
            self._begin_again()

    def note_sent(self) -> None:
        if not self._as_begun().update(sent_at=timezone.now(), problem="", address=""):
            self._begin_again()

    def _as_begun(self) -> LetterQuerySet:
        """The row, unless a letter about an account was asked for again since it was begun."""
        rows = Letter.objects.filter(pk=self.pk)
        return rows.filter(made_at=self.made_at) if self.kind == self.Kind.ACCOUNT else rows

    def _begin_again(self) -> None:
        """What was asked for again while it was being sent goes out once more, with what is right now."""
        Letter.objects.filter(pk=self.pk).waiting().update(begun_at=None, problem="", due_at=timezone.now())
