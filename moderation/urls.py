from django.urls import path

from moderation.views import acting, appeals, flagging, log, member_acts, members, own_words, private, queue, words

app_name = "moderation"

urlpatterns = [
    path("posts/<id:post_id>/flag/", flagging.flag_post, name="flag-post"),
    path("posts/<id:post_id>/withdraw-flag/", flagging.withdraw_flag, name="withdraw-flag"),
    path("log/", log.public_log, name="public-log"),
    path("moderation/", queue.queue, name="queue"),
    path("moderation/queue/<id:item_id>/", queue.item, name="item"),
    path("moderation/queue/<id:item_id>/context/", queue.item_context, name="item-context"),
    path("moderation/queue/<id:item_id>/act/", queue.act, name="act"),
    path("moderation/queue/<id:item_id>/claim/", queue.claim, name="claim"),
    path("moderation/queue/<id:item_id>/note/", queue.note, name="note"),
    path("moderation/topics/<id:topic_id>/", acting.topic, name="topic"),
    path("moderation/forums/<slug:slug>/", acting.subforum, name="subforum"),
    path("moderation/posts/<id:post_id>/edit/", acting.edit_post, name="edit-post"),
    path("moderation/posts/<id:post_id>/address/", private.post_address, name="post-address"),
    path("moderation/members/<str:username>/", members.member, name="member"),
    path("moderation/members/<str:username>/act/", member_acts.act_on_member, name="act-on-member"),
    path("moderation/words/", words.words, name="words"),
    path("moderation/words/<id:word_id>/forget/", words.forget_word, name="forget-word"),
    path("moderation/log/", log.log, name="log"),
    path("moderation/entries/<id:entry_id>/undo/", queue.undo, name="undo"),
    path("moderation/entries/<id:entry_id>/erase/", private.erase_words, name="erase-words"),
    path("moderation/entries/<id:entry_id>/appeal/", appeals.appeal, name="appeal"),
    path("moderation/appeals/<id:appeal_id>/", appeals.decide, name="decide-appeal"),
    path("moderation/mine/", appeals.mine, name="mine"),
    path("moderation/mine/<id:entry_id>/", own_words.own_words, name="own-words"),
]
