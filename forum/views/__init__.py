from forum.views.accepted_answers import accept_answer, answered, answers, withdraw_answer
from forum.views.compose.mention_names import mention_names
from forum.views.compose.new_posts import open_topic, reply
from forum.views.compose.post_edits import edit_post, history, restore_revision
from forum.views.compose.saved_drafts import discard_draft, draft_copy, drafts
from forum.views.compose.withdrawals import withdraw_post, withdraw_topic
from forum.views.crawlers import (
    feed,
    robots,
    sitemap,
    sitemap_of_subforums,
    sitemap_of_topics,
    sitemap_part,
    subforum_feed,
    topic_feed,
)
from forum.views.information import about, help_keys, help_writing, rules
from forum.views.member_groups import add_member, edit_group, group, groups, remove_group, remove_member
from forum.views.members.badges import (
    badge_subjects,
    edit_badge_subject,
    give_badge,
    remove_badge_subject,
    withdraw_badge,
)
from forum.views.members.member_directory import member_directory
from forum.views.members.member_lists import (
    member_answers,
    member_posts,
    member_reactions,
    member_reactions_given,
    member_topics,
)
from forum.views.members.own_profile import profile_settings
from forum.views.members.profile import profile
from forum.views.reactions import react, reactions, withdraw_reaction
from forum.views.reading.bookmark_pages import bookmark, bookmarks, edit_bookmark, remove_bookmark
from forum.views.reading.new_replies import new_replies
from forum.views.reading.unread_topics import first_unread, mark_read, unread
from forum.views.rules_editor import edit_rules, rules_history
from forum.views.search_page import search_page
from forum.views.site_pages import edit_site_text, site_page, site_text_history, site_texts
from forum.views.staff import (
    edit_section,
    edit_subforum,
    remove_section,
    rename_member,
    staff,
)
from forum.views.subforum_pages import (
    lock_subforum,
    place_section,
    place_subforum,
    presets,
    remove_subforum,
    unlock_subforum,
)
from forum.views.topic_lists import index, no_reply, subforum, unanswered
from forum.views.topic_page import post, topic

__all__ = [
    "about",
    "accept_answer",
    "add_member",
    "answered",
    "answers",
    "badge_subjects",
    "bookmark",
    "bookmarks",
    "discard_draft",
    "draft_copy",
    "drafts",
    "edit_badge_subject",
    "edit_bookmark",
    "edit_group",
    "edit_post",
    "edit_rules",
    "edit_section",
    "edit_site_text",
    "edit_subforum",
    "feed",
    "first_unread",
    "give_badge",
    "group",
    "groups",
    "help_keys",
    "help_writing",
    "history",
    "index",
    "lock_subforum",
    "mark_read",
    "member_answers",
    "member_directory",
    "member_posts",
    "member_reactions",
    "member_reactions_given",
    "member_topics",
    "mention_names",
    "new_replies",
    "no_reply",
    "open_topic",
    "place_section",
    "place_subforum",
    "post",
    "presets",
    "profile",
    "profile_settings",
    "react",
    "reactions",
    "remove_badge_subject",
    "remove_bookmark",
    "remove_group",
    "remove_member",
    "remove_section",
    "remove_subforum",
    "rename_member",
    "reply",
    "restore_revision",
    "robots",
    "rules",
    "rules_history",
    "search_page",
    "site_page",
    "site_text_history",
    "site_texts",
    "sitemap",
    "sitemap_of_subforums",
    "sitemap_of_topics",
    "sitemap_part",
    "staff",
    "subforum",
    "subforum_feed",
    "topic",
    "topic_feed",
    "unanswered",
    "unlock_subforum",
    "unread",
    "withdraw_answer",
    "withdraw_badge",
    "withdraw_post",
    "withdraw_reaction",
    "withdraw_topic",
]
