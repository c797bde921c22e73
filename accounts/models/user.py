from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.badge import ExpertBadge
from accounts.text import names


class UserQuerySet(models.QuerySet["User"]):
    def with_badges(self) -> "UserQuerySet":
        """Adds `badge_titles`, those of the awake badges, in the same query."""
        return self.annotate(badge_titles=badge_titles(models.OuterRef("pk")))

    def listed(self) -> "UserQuerySet":
        """Members who stand in lists of members: active, with a confirmed address, not banned."""
        return self.filter(is_active=True, email_confirmed_at__isnull=False, banned_at=None)


def may_write(prefix: str = "") -> models.Q:
    """A Q that the user at the end of the path `prefix` `can_write`, with the rights that this gives."""
    now = timezone.now()
    is_free = models.Q(**{f"{prefix}suspended_until": None}) | models.Q(**{f"{prefix}suspended_until__lte": now})
    standing = {f"{prefix}is_active": True, f"{prefix}banned_at": None, f"{prefix}email_confirmed_at__isnull": False}
    return is_free & models.Q(**standing)


def keeps_rank(prefix: str = "") -> models.Q:
    """A Q that the rank of the user at the end of the path `prefix` gives rights: the counterpart of
    `User.lacks_second_step`."""
    if not settings.SECOND_STEP_FOR_STAFF:
        return models.Q()
    due = models.Q(**{f"{prefix}second_step_due_at": None}) | models.Q(
        **{f"{prefix}second_step_due_at__gt": timezone.now()}
    )
    return models.Q(**{f"{prefix}second_step_at__isnull": False}) | due


def badge_titles(user: models.OuterRef) -> ArraySubquery:
    """A subquery to annotate the titles of a member's awake badges; `user` is the OuterRef of the member."""
    return ArraySubquery(ExpertBadge.objects.awake().filter(user=user).order_by("given_at").values("title"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new member; with `email_confirmed_at` they may sign in at once."""
        user = self.model(username=names.normalise(username), email=email.strip().lower(), **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            if user.email_confirmed_at is not None:
                user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, username: str, email: str, password: str | None = None, **fields: Any) -> "User":
        """The first administrator, for `createsuperuser`: the e-mail address counts as confirmed."""
        fields |= {"is_staff": True, "is_superuser": True}
        fields.setdefault("email_confirmed_at", timezone.now())
        return self.create_user(username, email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username_skeleton=names.skeleton(username or ""))


def _shown_to(choices: type[models.TextChoices], default: str) -> models.CharField:
    """The visibility of a field of the profile."""
    return models.CharField(max_length=8, choices=choices.choices, default=default, db_default=default)


class User(AbstractBaseUser, PermissionsMixin):
    """A member: the account, the profile, and what the forum has counted of them (docs/counters.md)."""

    class Theme(models.TextChoices):
        SYSTEM = "", "As the device says"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        ROOMY = "", "Roomy"
        COMPACT = "compact", "Compact, with more on a screen"

    class PostsPerPage(models.IntegerChoices):
        TEN = 10, "10"
        TWENTY = 20, "20"
        FIFTY = 50, "50"

    class Trust(models.IntegerChoices):
        NEW = 0, "New"
        MEMBER = 1, "Member"
        TRUSTED = 2, "Trusted"

    class ShownTo(models.TextChoices):
        EVERYONE = "everyone", "Everyone"
        MEMBERS = "members", "Members"
        NOBODY = "nobody", "Nobody"

    class Way(models.TextChoices):
        """How somebody travels."""

        FOOT = "foot", "On foot"
        BICYCLE = "bicycle", "Bicycle"
        MOTORCYCLE = "motorcycle", "Motorcycle"
        CAR = "car", "Car"
        CAMPER = "camper", "Camper or truck"
        PUBLIC = "public", "Bus, train and shared taxi"
        LIFTS = "lifts", "Lifts"

    username = models.CharField(max_length=names.MAX_LENGTH)
    # Usernames that look alike have the same skeleton (accounts/text/names.py): nobody can impersonate another member.
    username_skeleton = models.CharField(max_length=4 * names.MAX_LENGTH, unique=True, editable=False)
    email = models.EmailField()
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_staff = models.BooleanField("administrator", default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    # The profile: who may see what of it says forum/pages/profile_fields.py.
    location = models.CharField(max_length=60, blank=True)
    bio = models.CharField(max_length=500, blank=True)
    signature = models.CharField(max_length=150, blank=True)
    # Rendered when they are written; empty for texts of before, which are plain.
    bio_html = models.TextField(blank=True, default="", db_default="", editable=False)
    signature_html = models.TextField(blank=True, default="", db_default="", editable=False)
    home_page = models.CharField(max_length=200, blank=True, default="", db_default="")
    languages = models.CharField(max_length=150, blank=True, default="", db_default="")
    countries_known = models.CharField(max_length=500, blank=True, default="", db_default="")
    travels_by = ArrayField(
        models.CharField(max_length=10, choices=Way.choices), blank=True, default=list, db_default=[]
    )
    bio_for = _shown_to(ShownTo, ShownTo.EVERYONE)
    location_for = _shown_to(ShownTo, ShownTo.MEMBERS)
    languages_for = _shown_to(ShownTo, ShownTo.EVERYONE)
    travels_by_for = _shown_to(ShownTo, ShownTo.EVERYONE)
    countries_known_for = _shown_to(ShownTo, ShownTo.EVERYONE)
    home_page_for = _shown_to(ShownTo, ShownTo.EVERYONE)
    signature_for = _shown_to(ShownTo, ShownTo.EVERYONE)
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    density = models.CharField(max_length=7, choices=Density.choices, default=Density.ROOMY, db_default="", blank=True)
    posts_per_page = models.PositiveSmallIntegerField(
        choices=PostsPerPage.choices, default=PostsPerPage.TWENTY, db_default=PostsPerPage.TWENTY
    )
    has_signatures = models.BooleanField("signatures under posts", default=True, db_default=True)
    has_shortcuts = models.BooleanField("keys for reading", default=True, db_default=True)

    posts_count = models.PositiveIntegerField(default=0)
    reactions_given = models.PositiveIntegerField(default=0)
    reactions_received = models.PositiveIntegerField(default=0)
    trust = models.SmallIntegerField(choices=Trust.choices, default=Trust.NEW)
    suspended_until = models.DateTimeField(null=True, blank=True)
    banned_at = models.DateTimeField("banned since", null=True, blank=True)
    # Sessions that began earlier are no longer valid.
    sessions_ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when there is a passkey or an app, and from when on a rank without one gives no rights. Both are kept by
    # triggers (forum/migrations/0040_ranks_need_a_second_step.py), whatever is written here.
    second_step_at = models.DateTimeField(null=True, blank=True, editable=False)
    second_step_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when moderators treat it as the account of a business, whose crossing reports do not count.
    trade_at = models.DateTimeField("account of a business since", null=True, blank=True)

    # Set by forum/authentication.py with the session's user: moderated subforums, groups, ignored members, badges and
    # their countries, and the version of their unread news.
    moderates_ids: list[int]
    groups_ids: list[int]
    ignores_ids: list[int]
    badge_titles: list[str]
    expert_countries: list[str]
    news_version: int | None
    # The state of the site's own texts (accounts/site_info.py), loaded likewise.
    site_state: int

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message="An account with this address exists already.",
            ),
            models.CheckConstraint(
                condition=models.Q(posts_per_page__in=[10, 20, 50]), name="pages_have_one_of_our_sizes"
            ),
        ]
        indexes = [
            models.Index(Lower("username"), F("id"), name="members_by_name"),
            models.Index(F("joined_at").desc(), F("id").desc(), name="members_by_time"),
            # Whether there is any: asked after each wrong password (accounts/passwords/hashers.py).
            models.Index(
                fields=["id"],
                condition=models.Q(password__startswith="pbkdf2_sha256$"),  # noqa: S106 (the name of a hasher)
                name="members_with_older_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username_skeleton = names.skeleton(self.username)
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end when the password changes (Django's rule), the e-mail address does, or all are ended."""
        ended = f" {self.sessions_ended_at.timestamp()}" if self.sessions_ended_at else ""
        value = f"{self.password} {self.email}{ended}"
        return salted_hmac("accounts.User.session", value, secret=secret, algorithm="sha256").hexdigest()

    def get_absolute_url(self) -> str:
        return reverse("forum:profile", args=[self.username])

    @property
    def is_suspended(self) -> bool:
        """Whether the member is banned, or suspended at this time."""
        return self.is_banned or (self.suspended_until is not None and self.suspended_until > timezone.now())

    @property
    def is_banned(self) -> bool:
        return self.banned_at is not None

    @property
    def can_write(self) -> bool:
        """Whether the member may post anything anywhere: active, address confirmed, not suspended or banned."""
        return self.is_active and self.email_confirmed_at is not None and not self.is_suspended

    @property
    def lacks_second_step(self) -> bool:
        """Whether a moderator's or administrator's rights rest until they set up a second step."""
        if self.second_step_at is not None or self.second_step_due_at is None:
            return False
        return settings.SECOND_STEP_FOR_STAFF and self.second_step_due_at <= timezone.now()

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return names.initials(self.username)

    @property
    def colour(self) -> int:
        """Which of the six avatar colours is theirs: 1 to 6."""
        return (self.pk or 0) % 6 + 1
