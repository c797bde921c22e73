"""How often members want letters of each category, and stopping them by a link.

A *scope* is what a link in a letter stops: the value of a category, `daily` or `weekly` (all that comes in that
digest), `waiting`, or `all`. Two more stand in letters of older releases.
"""

from collections.abc import Collection, Mapping

from django.db import transaction

from accounts.models import User
from notifications.models import Category, Frequency, Letter, Subscription
from notifications.models.subscription import CATEGORIES

ALL = "all"
# At once or in a digest: what a digest stops that also brings what was to come at once (bounces.py, policy.py).
WAITING = "waiting"
_DIGESTS = {"daily": Frequency.DAILY, "weekly": Frequency.WEEKLY}
_SCOPES: dict[str, tuple[Category, ...]] = {
    **{category.value: (category,) for category in Category},
    ALL: tuple(Category),
    WAITING: tuple(category for category, facts in CATEGORIES.items() if facts.can_wait),
    "news": (Category.REPLIES, Category.MENTIONS, Category.ANSWERS),
    "day": (Category.CROSSINGS,),
}
_LABELS = {
    **dict(Category.choices),
    ALL: "All letters",
    WAITING: "What happened, at once or in a digest",
    "daily": "What happened, once a day",
    "weekly": "What happened, once a week",
    "news": "About you or your posts, at once",
    "day": "Crossings you watch",
}
Choices = Mapping[Category, Frequency]


def scope_of(letter: Letter) -> str:
    """What the unsubscribe link of a letter stops."""
    match letter.kind:
        case Letter.Kind.DAY:
            return "daily"
        case Letter.Kind.WEEK:
            return "weekly"
        case Letter.Kind.NEWS:
            return letter.category or "news"
    return letter.kind


def scope_of_digest(letter: Letter, told: Collection[Category]) -> str:
    """What the link of a digest stops: more than what is chosen for it, if it brings something else, too."""
    scope, choices = scope_of(letter), choices_of(letter.user)
    return scope if all(choices[category] == _DIGESTS[scope] for category in told) else WAITING


def is_scope(scope: object) -> bool:
    return scope in _LABELS


def label(scope: str) -> str:
    return _LABELS[scope]


def choices_of(user: User) -> Choices:
    """The frequency of every category for a member. One query."""
    return choices_of_all([user.pk])[user.pk]


def choices_of_all(user_ids: Collection[int]) -> dict[int, Choices]:
    """The same for many members. One query."""
    default = {category: facts.default for category, facts in CATEGORIES.items()}
    found: dict[int, dict[Category, Frequency]] = {user_id: dict(default) for user_id in user_ids}
    for row in Subscription.objects.filter(user__in=user_ids):
        found[row.user_id][Category(row.category)] = Frequency(row.frequency)
    return dict(found)


def is_wanted(user: User, letter: Letter) -> bool:
    """Whether the member still wants a letter; of digests the rest is left out when they are composed."""
    wanted = choices_of(user)
    categories = _SCOPES.get(scope_of(letter), ())
    return not categories or any(wanted[category] != Frequency.NEVER for category in categories)


@transaction.atomic
def choose(user: User, choices: Choices) -> None:
    """Set the frequencies of some categories. Idempotent."""
    for category, frequency in choices.items():
        values = {"frequency": frequency, "before": ""}
        Subscription.objects.update_or_create(user=user, category=category, defaults=values)


@transaction.atomic
def stop(user: User, scope: str) -> None:
    """No more letters of a scope, and remember how it was. Idempotent."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    choices = choices_of(user)
    for category in _categories(scope, choices):
        if choices[category] != Frequency.NEVER:
            values = {"frequency": Frequency.NEVER, "before": choices[category]}
            Subscription.objects.update_or_create(user=user, category=category, defaults=values)


@transaction.atomic
def resume(user: User, scope: str) -> None:
    """Letters of a scope again, as often as before they were stopped. Idempotent."""
    stopped = Subscription.objects.select_for_update().filter(user=user, frequency=Frequency.NEVER)
    for row in stopped.order_by("pk"):
        category = Category(row.category)
        again = Frequency(row.before) if row.before else CATEGORIES[category].default
        is_meant = again == _DIGESTS[scope] if scope in _DIGESTS else category in _SCOPES[scope]
        if is_meant and again != Frequency.NEVER and (row.before or scope == row.category):
            Subscription.objects.filter(pk=row.pk).update(frequency=again, before="")


def is_stopped(user: User, scope: str) -> bool:
    """Whether no letter of a scope is sent."""
    choices = choices_of(user)
    return all(choices[category] == Frequency.NEVER for category in _categories(scope, choices))


def _categories(scope: str, choices: Choices) -> list[Category]:
    if scope in _DIGESTS:
        return [category for category, frequency in choices.items() if frequency == _DIGESTS[scope]]
    return list(_SCOPES[scope])
