from notifications.views.letters import stop_letters
from notifications.views.news import mark_read, news
from notifications.views.through import through
from notifications.views.watching import stop_watching, want_letters, watch, watches

__all__ = ["mark_read", "news", "stop_letters", "stop_watching", "through", "want_letters", "watch", "watches"]
