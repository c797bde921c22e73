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


class SubforumSlug:
    """A path converter for slugs of subforums, in any script; no control characters, which the database refuses."""

    regex = r"[^/\s\x00-\x1f\x7f]{1,60}"

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
register_converter(SubforumSlug, "subforum")
register_converter(RowId, "id")

urlpatterns = [
    path("", views.index, name="index"),
    path("drafts/", views.drafts, name="drafts"),
    path("mentions/", views.mention_names, name="mention-names"),
    path("drafts/<id:draft_id>/discard/", views.discard_draft, name="discard-draft"),
    path("drafts/<id:draft_id>/copies/<uuid:key>/", views.draft_copy, name="draft-copy"),
    path("bookmarks/", views.bookmarks, name="bookmarks"),
    path("answered/", views.answered, name="answered"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-subforums.xml", views.sitemap_of_subforums, name="sitemap-subforums"),
    path("sitemap-topics-<id:part>.xml", views.sitemap_of_topics, name="sitemap-topics"),
    path("sitemap-<slug:name>.xml", views.sitemap_part, name="sitemap-part"),
    path("feed/", views.feed, name="feed"),
    path("forums/<subforum:slug>/feed/", views.subforum_feed, name="subforum-feed"),
    path("topics/<id:topic_id>/feed/", views.topic_feed, name="topic-feed"),
    path("search/", views.search_page, name="search"),
    path("unread/", views.unread, name="unread"),
    path("read/", views.mark_read, name="mark-all-read"),
    path("no-reply/", views.no_reply, name="no-reply"),
    path("unanswered/", views.unanswered, name="unanswered"),
    path("forums/<subforum:slug>/", views.subforum, name="subforum"),
    path("forums/<subforum:slug>/read/", views.mark_read, name="mark-read"),
    path("forums/<subforum:slug>/new/", views.open_topic, name="open-topic"),
    path("topics/<id:topic_id>/", views.topic, name="topic-by-id"),
    path("topics/<id:topic_id>/<id:page>/", views.topic, name="topic-page-by-id"),
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
    path("forums/<subforum:slug>/rules/", views.edit_rules, name="edit-rules"),
    path("forums/<subforum:slug>/rules/history/", views.rules_history, name="rules-history"),
    path("forums/<subforum:slug>/rules/history/<id:number>/", views.rules_history, name="rules-history-of-version"),
    path("staff/", views.staff, name="staff"),
    path("staff/sections/new/", views.edit_section, name="new-section"),
    path("staff/sections/<id:section_id>/", views.edit_section, name="edit-section"),
    path("staff/sections/<id:section_id>/remove/", views.remove_section, name="remove-section"),
    path("staff/subforums/new/", views.edit_subforum, name="new-subforum"),
    path("staff/presets/", views.presets, name="presets"),
    path("staff/sections/<id:section_id>/place/", views.place_section, name="place-section"),
    path("staff/subforums/<subforum:slug>/place/", views.place_subforum, name="place-subforum"),
    path("staff/subforums/<subforum:slug>/lock/", views.lock_subforum, name="lock-subforum"),
    path("staff/subforums/<subforum:slug>/unlock/", views.unlock_subforum, name="unlock-subforum"),
    path("staff/subforums/<subforum:slug>/remove/", views.remove_subforum, name="remove-subforum"),
    path("staff/subforums/<subforum:slug>/", views.edit_subforum, name="edit-subforum"),
    path("staff/groups/", views.groups, name="groups"),
    path("staff/groups/new/", views.edit_group, name="new-group"),
    path("staff/groups/<id:group_id>/", views.group, name="group"),
    path("staff/groups/<id:group_id>/name/", views.edit_group, name="edit-group"),
    path("staff/groups/<id:group_id>/remove/", views.remove_group, name="remove-group"),
    path("staff/groups/<id:group_id>/members/<id:member_id>/remove/", views.remove_member, name="remove-from-group"),
    path("staff/groups/<id:group_id>/members/<id:member_id>/add/", views.add_member, name="add-to-group"),
    path("settings/profile/", views.profile_settings, name="profile-settings"),
    path("members/<str:username>/rename/", views.rename_member, name="rename-member"),
    path("members/<str:username>/badges/", views.give_badge, name="give-badge"),
    path("badges/<id:badge_id>/withdraw/", views.withdraw_badge, name="withdraw-badge"),
    path("staff/subjects/", views.badge_subjects, name="badge-subjects"),
    path("staff/subjects/new/", views.edit_badge_subject, name="new-badge-subject"),
    path("staff/subjects/<id:subject_id>/", views.edit_badge_subject, name="edit-badge-subject"),
    path("staff/subjects/<id:subject_id>/remove/", views.remove_badge_subject, name="remove-badge-subject"),
    path("help/writing/", views.help_writing, name="help-writing"),
    path("help/keys/", views.help_keys, name="help-keys"),
    path("about/", views.about, name="about"),
    path("imprint/", views.site_page, {"kind": "imprint"}, name="imprint"),
    path("privacy/", views.site_page, {"kind": "privacy"}, name="privacy"),
    path("terms/", views.site_page, {"kind": "terms"}, name="terms"),
    path("staff/site/", views.site_texts, name="site-texts"),
    path("staff/site/<slug:kind>/", views.edit_site_text, name="edit-site-text"),
    path("staff/site/<slug:kind>/history/", views.site_text_history, name="site-text-history"),
    path("staff/site/<slug:kind>/history/<id:number>/", views.site_text_history, name="site-text-history-of-version"),
]
