from notifications.models.letter import Letter, UnwantedLetter
from notifications.models.notification import Notification
from notifications.models.private_feed import PrivateFeed
from notifications.models.watch import Watch, WatchPreference

__all__ = ["Letter", "Notification", "PrivateFeed", "UnwantedLetter", "Watch", "WatchPreference"]
