from notifications.views.news_page import mark_read, news_list, open_news
from notifications.views.private_feeds import end_feed, feeds, new_feed, own_dates_feed, own_news_feed
from notifications.views.stop_letters import stop_letters
from notifications.views.survey_page import through
from notifications.views.watch_pages import choose_level, prefer, stop_watching, want_letters, watch, watches

__all__ = [
    "choose_level",
    "end_feed",
    "feeds",
    "mark_read",
    "new_feed",
    "news_list",
    "open_news",
    "own_dates_feed",
    "own_news_feed",
    "prefer",
    "stop_letters",
    "stop_watching",
    "through",
    "want_letters",
    "watch",
    "watches",
]
