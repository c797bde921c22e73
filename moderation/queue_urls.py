from django.urls import path

from moderation.views import acting, appeals, log, private, queue

urlpatterns = [
    path("moderation/", queue.queue, name="queue"),
    path("moderation/queue/<id:item_id>/", queue.item, name="item"),
    path("moderation/queue/<id:item_id>/context/", queue.item_context, name="item-context"),
    path("moderation/queue/<id:item_id>/act/", queue.act, name="act"),
    path("moderation/queue/<id:item_id>/claim/", queue.claim, name="claim"),
    path("moderation/queue/<id:item_id>/note/", queue.note, name="note"),
    path("moderation/entries/<id:entry_id>/undo/", queue.undo, name="undo"),
    path("moderation/topics/<id:topic_id>/", acting.topic, name="topic"),
    path("moderation/posts/<id:post_id>/edit/", acting.edit_post, name="edit-post"),
    path("moderation/forums/<slug:slug>/", acting.subforum, name="subforum"),
    path("moderation/posts/<id:post_id>/address/", private.post_address, name="post-address"),
    path("moderation/entries/<id:entry_id>/erase/", private.erase_words, name="erase-words"),
    path("moderation/log/", log.log, name="log"),
    path("log/", log.public_log, name="public-log"),
    path("moderation/mine/", appeals.mine, name="mine"),
    path("moderation/entries/<id:entry_id>/appeal/", appeals.appeal, name="appeal"),
    path("moderation/appeals/<id:appeal_id>/", appeals.decide, name="decide-appeal"),
]
