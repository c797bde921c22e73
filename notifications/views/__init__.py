from notifications.views.news_page import mark_read, news_list, open_news
from notifications.views.stop_letters import stop_letters
from notifications.views.survey_page import through
from notifications.views.watch_pages import stop_watching, want_letters, watch, watches

__all__ = [
    "mark_read", "news_list", "open_news", "stop_letters", "stop_watching", "through", "want_letters", "watch",
    "watches",
]  # fmt: skip
