from django.urls import path

from moderation.views import (
    act_on_member,
    appeal_pages,
    done,
    flag_pages,
    log,
    member_page,
    moderate,
    own_words,
    private_data,
    queue_page,
    watched_words,
)

app_name = "moderation"

urlpatterns = [
    path("posts/<id:post_id>/flag/", flag_pages.flag_post, name="flag-post"),
    path("posts/<id:post_id>/withdraw-flag/", flag_pages.withdraw_flag, name="withdraw-flag"),
    path("log/", log.public_log, name="public-log"),
    path("moderation/", queue_page.queue, name="queue"),
    path("moderation/queue/<id:item_id>/", queue_page.item, name="item"),
    path("moderation/queue/<id:item_id>/context/", queue_page.item_context, name="item-context"),
    path("moderation/queue/<id:item_id>/act/", queue_page.act, name="act"),
    path("moderation/queue/<id:item_id>/claim/", queue_page.claim, name="claim"),
    path("moderation/queue/<id:item_id>/note/", queue_page.note, name="note"),
    path("moderation/topics/<id:topic_id>/", moderate.topic, name="topic"),
    path("moderation/forums/<slug:slug>/", moderate.subforum, name="subforum"),
    path("moderation/posts/<id:post_id>/edit/", moderate.edit_post, name="edit-post"),
    path("moderation/posts/<id:post_id>/address/", private_data.post_address, name="post-address"),
    path("moderation/members/<str:username>/", member_page.member, name="member"),
    path("moderation/members/<str:username>/act/", act_on_member.act_on_member, name="act-on-member"),
    path("moderation/words/", watched_words.words, name="words"),
    path("moderation/words/<id:word_id>/forget/", watched_words.forget_word, name="forget-word"),
    path("moderation/log/", log.log, name="log"),
    path("moderation/undo/", done.undo_acts, name="undo-acts"),
    path("moderation/entries/<id:entry_id>/undo/", queue_page.undo, name="undo"),
    path("moderation/entries/<id:entry_id>/erase/", private_data.erase_words, name="erase-words"),
    path("moderation/entries/<id:entry_id>/appeal/", appeal_pages.appeal, name="appeal"),
    path("moderation/appeals/<id:appeal_id>/", appeal_pages.decide, name="decide-appeal"),
    path("moderation/mine/", appeal_pages.mine, name="mine"),
    path("moderation/mine/<id:entry_id>/", own_words.own_words, name="own-words"),
]
