from moderation import queue_urls

app_name = "moderation"

urlpatterns = [*queue_urls.urlpatterns]
