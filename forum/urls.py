from django.urls import path, register_converter

from forum import views

app_name = "forum"


class SlugOfAnyScript:
    """A path converter for slugs with the marks of their script, which no class of `re` knows."""

    regex = r"[^/\s]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RowId:
    """A path converter for ids that fit a bigint; longer ones are 404."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(SlugOfAnyScript, "words")
register_converter(RowId, "id")

urlpatterns = [
    path("", views.index, name="index"),
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/<id:draft_id>/discard/", views.discard_draft, name="discard-draft"),
    path("bookmarks/", views.bookmarks, name="bookmarks"),
    path("answered/", views.answered, name="answered"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-subforums.xml", views.sitemap_of_subforums, name="sitemap-subforums"),
    path("sitemap-topics-<id:part>.xml", views.sitemap_of_topics, name="sitemap-topics"),
    path("sitemap-<slug:name>.xml", views.sitemap_part, name="sitemap-part"),
    path("feed/", views.feed, name="feed"),
    path("forums/<slug:slug>/feed/", views.subforum_feed, name="subforum-feed"),
    path("topics/<id:topic_id>/feed/", views.topic_feed, name="topic-feed"),
    path("search/", views.search_page, name="search"),
    path("unread/", views.unread, name="unread"),
    path("read/", views.mark_read, name="mark-all-read"),
    path("unanswered/", views.unanswered, name="unanswered"),
    path("forums/<slug:slug>/", views.subforum, name="subforum"),
    path("forums/<slug:slug>/read/", views.mark_read, name="mark-read"),
    path("forums/<slug:slug>/new/", views.open_topic, name="open-topic"),
    path("topics/<id:topic_id>/", views.topic_by_id, name="topic-by-id"),
    path("topics/<id:topic_id>-<words:slug>/", views.topic, name="topic"),
    path("topics/<id:topic_id>-<words:slug>/<id:page>/", views.topic, name="topic-page"),
    path("topics/<id:topic_id>/unread/", views.first_unread, name="first-unread"),
    path("topics/<id:topic_id>/since/<id:number>/", views.new_replies, name="new-replies"),
    path("topics/<id:topic_id>/reply/", views.reply, name="reply"),
    path("topics/<id:topic_id>/answers/", views.answers, name="answers"),
    path("topics/<id:topic_id>/withdraw/", views.withdraw_topic, name="withdraw-topic"),
    path("posts/<id:post_id>/", views.post, name="post"),
    path("posts/<id:post_id>/edit/", views.edit_post, name="edit-post"),
    path("posts/<id:post_id>/history/", views.history, name="history"),
    path("posts/<id:post_id>/history/<id:number>/", views.history, name="history-of-edit"),
    path("posts/<id:post_id>/history/<id:number>/restore/", views.restore_revision, name="restore-revision"),
    path("posts/<id:post_id>/withdraw/", views.withdraw_post, name="withdraw-post"),
    path("posts/<id:post_id>/accept/", views.accept_answer, name="accept-answer"),
    path("posts/<id:post_id>/unaccept/", views.withdraw_answer, name="withdraw-answer"),
    path("posts/<id:post_id>/reactions/", views.reactions, name="reactions"),
    path("posts/<id:post_id>/react/<slug:kind>/", views.react, name="react"),
    path("posts/<id:post_id>/unreact/<slug:kind>/", views.withdraw_reaction, name="withdraw-reaction"),
    path("posts/<id:post_id>/bookmark/", views.bookmark, name="bookmark"),
    path("posts/<id:post_id>/bookmark/edit/", views.edit_bookmark, name="edit-bookmark"),
    path("posts/<id:post_id>/bookmark/remove/", views.remove_bookmark, name="remove-bookmark"),
    path("members/", views.member_directory, name="member-directory"),
    path("members/<str:username>/", views.profile, name="profile"),
    path("members/<str:username>/posts/", views.member_posts, name="member-posts"),
    path("members/<str:username>/topics/", views.member_topics, name="member-topics"),
    path("members/<str:username>/answers/", views.member_answers, name="member-answers"),
    path("members/<str:username>/reactions/", views.member_reactions, name="member-reactions"),
    path("members/<str:username>/reactions/given/", views.member_reactions_given, name="member-reactions-given"),
    path("rules/", views.rules, name="rules"),
    path("rules/edit/", views.edit_rules, name="edit-forum-rules"),
    path("rules/history/", views.rules_history, name="forum-rules-history"),
    path("rules/history/<id:number>/", views.rules_history, name="forum-rules-history-of-version"),
    path("forums/<slug:slug>/rules/", views.edit_rules, name="edit-rules"),
    path("forums/<slug:slug>/rules/history/", views.rules_history, name="rules-history"),
    path("forums/<slug:slug>/rules/history/<id:number>/", views.rules_history, name="rules-history-of-version"),
    path("staff/", views.staff, name="staff"),
    path("staff/sections/new/", views.edit_section, name="new-section"),
    path("staff/sections/<id:section_id>/", views.edit_section, name="edit-section"),
    path("staff/sections/<id:section_id>/remove/", views.remove_section, name="remove-section"),
    path("staff/subforums/new/", views.edit_subforum, name="new-subforum"),
    path("staff/subforums/<slug:slug>/", views.edit_subforum, name="edit-subforum"),
    path("members/<str:username>/rename/", views.rename_member, name="rename-member"),
    path("members/<str:username>/badges/", views.give_badge, name="give-badge"),
    path("badges/<id:badge_id>/withdraw/", views.withdraw_badge, name="withdraw-badge"),
    path("help/writing/", views.help_writing, name="help-writing"),
    path("help/keys/", views.help_keys, name="help-keys"),
    path("about/", views.about, name="about"),
]
