from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("notifications/", views.news, name="news"),
    path("notifications/read/", views.mark_read, name="mark-read"),
    path("letters/<str:token>/stop/", views.stop_letters, name="stop-letters"),
]
