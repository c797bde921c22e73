from notifications.models.bounce import Bounce
from notifications.models.letter import Letter
from notifications.models.notification import Notification
from notifications.models.private_feed import PrivateFeed
from notifications.models.subscription import Category, Frequency, Subscription
from notifications.models.watch import Watch, WatchPreference

__all__ = [
    "Bounce",
    "Category",
    "Frequency",
    "Letter",
    "Notification",
    "PrivateFeed",
    "Subscription",
    "Watch",
    "WatchPreference",
]
