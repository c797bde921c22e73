from notifications.views.demo_letters import demo_letter, demo_letter_html, demo_letters
from notifications.views.letter_settings import letters, stop_all_letters, try_address_again
from notifications.views.news_page import mark_read, news_list, open_news
from notifications.views.private_feeds import end_feed, feeds, new_feed, own_dates_feed, own_news_feed
from notifications.views.stop_letters import one_click, stop_letters
from notifications.views.survey_page import through
from notifications.views.watch_pages import choose_level, prefer, stop_watching, watch, watches

__all__ = [
    "choose_level",
    "demo_letter",
    "demo_letter_html",
    "demo_letters",
    "end_feed",
    "feeds",
    "letters",
    "mark_read",
    "new_feed",
    "news_list",
    "one_click",
    "open_news",
    "own_dates_feed",
    "own_news_feed",
    "prefer",
    "stop_all_letters",
    "stop_letters",
    "stop_watching",
    "through",
    "try_address_again",
    "watch",
    "watches",
]
