from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("notifications/", views.news_list, name="news"),
    path("notifications/read/", views.mark_read, name="mark-read"),
    path("notifications/<id:news_id>/", views.open_news, name="open-news"),
    path("notifications/feeds/", views.feeds, name="feeds"),
    path("notifications/feeds/<slug:kind>/new/", views.new_feed, name="new-feed"),
    path("notifications/feeds/<slug:kind>/end/", views.end_feed, name="end-feed"),
    path("private/<str:token>/news.atom", views.own_news_feed, name="own-news"),
    path("private/<str:token>/dates.ics", views.own_dates_feed, name="own-dates"),
    path("letters/<str:token>/stop/", views.stop_letters, name="stop-letters"),
    path("letters/<str:token>/one-click/", views.one_click, name="one-click"),
    path("letters/demo/", views.demo_letters, name="demo-letters"),
    path("letters/demo/<int:number>/", views.demo_letter, name="demo-letter"),
    path("letters/demo/<int:number>/html/", views.demo_letter_html, name="demo-letter-html"),
    path("settings/letters/", views.letters, name="letters"),
    path("settings/letters/stop/", views.stop_all_letters, name="stop-all-letters"),
    path("settings/letters/address/", views.try_address_again, name="try-address-again"),
    path("watches/", views.watches, name="watches"),
    path("watches/by-itself/", views.prefer, name="prefer"),
    path("watches/<slug:kind>/<slug:key>/", views.choose_level, name="choose-level"),
    path("crossings/<slug:slug>/watch/", views.watch, name="watch"),
    path("crossings/<slug:slug>/unwatch/", views.stop_watching, name="stop-watching"),
    path("through/<str:token>/", views.through, name="through"),
]
