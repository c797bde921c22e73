from notifications.models.letter import Letter, UnwantedLetter
from notifications.models.notification import Notification
from notifications.models.watch import Watch, WatchPreference

__all__ = ["Letter", "Notification", "UnwantedLetter", "Watch", "WatchPreference"]
