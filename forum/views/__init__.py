from forum.views.accepted_answers import accept_answer, answered, answers, withdraw_answer
from forum.views.compose.new_posts import open_topic, reply
from forum.views.compose.post_edits import edit_post, history, restore_revision
from forum.views.compose.saved_drafts import discard_draft, drafts
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
from forum.views.members.member_directory import member_directory
from forum.views.members.member_lists import (
    member_answers,
    member_posts,
    member_reactions,
    member_reactions_given,
    member_topics,
)
from forum.views.members.profile import profile
from forum.views.reactions import react, reactions, withdraw_reaction
from forum.views.reading.bookmark_pages import bookmark, bookmarks, edit_bookmark, remove_bookmark
from forum.views.reading.new_replies import new_replies
from forum.views.reading.unread_topics import first_unread, mark_read, unread
from forum.views.rules_editor import edit_rules, rules_history
from forum.views.search_page import search_page
from forum.views.staff import (
    edit_section,
    edit_subforum,
    give_badge,
    remove_section,
    rename_member,
    staff,
    withdraw_badge,
)
from forum.views.topic_lists import index, subforum, unanswered
from forum.views.topic_page import post, topic, topic_by_id

__all__ = [
    "about",
    "accept_answer",
    "answered",
    "answers",
    "bookmark",
    "bookmarks",
    "discard_draft",
    "drafts",
    "edit_bookmark",
    "edit_post",
    "edit_rules",
    "edit_section",
    "edit_subforum",
    "feed",
    "first_unread",
    "give_badge",
    "help_keys",
    "help_writing",
    "history",
    "index",
    "mark_read",
    "member_answers",
    "member_directory",
    "member_posts",
    "member_reactions",
    "member_reactions_given",
    "member_topics",
    "new_replies",
    "open_topic",
    "post",
    "profile",
    "react",
    "reactions",
    "remove_bookmark",
    "remove_section",
    "rename_member",
    "reply",
    "restore_revision",
    "robots",
    "rules",
    "rules_history",
    "search_page",
    "sitemap",
    "sitemap_of_subforums",
    "sitemap_of_topics",
    "sitemap_part",
    "staff",
    "subforum",
    "subforum_feed",
    "topic",
    "topic_by_id",
    "topic_feed",
    "unanswered",
    "unread",
    "withdraw_answer",
    "withdraw_badge",
    "withdraw_post",
    "withdraw_reaction",
    "withdraw_topic",
]
