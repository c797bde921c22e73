from django.urls import path

from moderation import queue_urls, views
from moderation.views import member_acts

app_name = "moderation"

urlpatterns = [
    path("posts/<id:post_id>/flag/", views.flag_post, name="flag-post"),
    path("posts/<id:post_id>/withdraw-flag/", views.withdraw_flag, name="withdraw-flag"),
    path("moderation/words/", views.words, name="words"),
    path("moderation/words/<id:word_id>/forget/", views.forget_word, name="forget-word"),
    path("moderation/members/<str:username>/", views.member, name="member"),
    path("moderation/members/<str:username>/act/", member_acts.act_on_member, name="act-on-member"),
    *queue_urls.urlpatterns,
]
