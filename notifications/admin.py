"""Read-only admin of notifications and letters, for questions about where a letter went."""

from forum.read_only_admin import register
from notifications.models import Bounce, Letter, Notification, Subscription

USER = ("user__username",)

register(Letter, "kind", "user", "made_at", "due_at", "sent_at", "dropped_at", "problem", search=USER, kinds=("kind",))
register(Notification, "kind", "user", "subject", "made_at", "read_at", search=USER, kinds=("kind",))
register(Subscription, "user", "category", "frequency", search=USER, kinds=("category", "frequency"))
register(Bounce, "kind", "user", "address", "at", "words", search=USER, kinds=("kind",))
