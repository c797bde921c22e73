from django.urls import path, register_converter

from forum import views

app_name = "forum"


class SlugOfAnyScript:
    regex = r"[\w-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RowId:
    """An id that PostgreSQL can hold; anything longer is no page of ours."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(SlugOfAnyScript, "words")
register_converter(RowId, "id")

urlpatterns = [
    path("", views.index, name="index"),
    path("unanswered/", views.unanswered, name="unanswered"),
    path("forums/<slug:slug>/", views.subforum, name="subforum"),
    path("forums/<slug:slug>/new/", views.open_topic, name="open-topic"),
    path("topics/<id:topic_id>/", views.topic_by_id, name="topic-by-id"),
    path("topics/<id:topic_id>-<words:slug>/", views.topic, name="topic"),
    path("topics/<id:topic_id>-<words:slug>/<id:page>/", views.topic, name="topic-page"),
    path("topics/<id:topic_id>/reply/", views.reply, name="reply"),
    path("topics/<id:topic_id>/withdraw/", views.withdraw_topic, name="withdraw-topic"),
    path("posts/<id:post_id>/", views.post, name="post"),
    path("posts/<id:post_id>/withdraw/", views.withdraw_post, name="withdraw-post"),
    path("posts/<id:post_id>/reactions/", views.reactions, name="reactions"),
    path("posts/<id:post_id>/react/<slug:kind>/", views.react, name="react"),
    path("posts/<id:post_id>/unreact/<slug:kind>/", views.withdraw_reaction, name="withdraw-reaction"),
    path("members/<str:username>/", views.profile, name="profile"),
    path("rules/", views.rules, name="rules"),
    path("help/writing/", views.help_writing, name="help-writing"),
    path("about/", views.about, name="about"),
]
