from notifications.views.letters import stop_letters
from notifications.views.news import mark_read, news

__all__ = ["mark_read", "news", "stop_letters"]
