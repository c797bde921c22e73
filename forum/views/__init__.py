from forum.views.answering import accept_answer, answered, answers, withdraw_answer
from forum.views.crawling import (
    feed,
    robots,
    sitemap,
    sitemap_of_subforums,
    sitemap_of_topics,
    sitemap_part,
    subforum_feed,
    topic_feed,
)
from forum.views.drafts import discard_draft, drafts
from forum.views.editing import edit_post, history, restore_revision
from forum.views.pages import about, help_writing, profile, rules
from forum.views.reacting import react, reactions, withdraw_reaction
from forum.views.reading import index, post, subforum, topic, topic_by_id, unanswered
from forum.views.ruling import edit_rules, rules_history
from forum.views.searching import search_page
from forum.views.staff import (
    edit_section,
    edit_subforum,
    give_badge,
    remove_section,
    rename_member,
    staff,
    withdraw_badge,
)
from forum.views.unread import first_unread, mark_read, unread
from forum.views.withdrawing import withdraw_post, withdraw_topic
from forum.views.writing import open_topic, reply

__all__ = [
    "about",
    "accept_answer",
    "answered",
    "answers",
    "discard_draft",
    "drafts",
    "edit_post",
    "edit_rules",
    "edit_section",
    "edit_subforum",
    "feed",
    "first_unread",
    "give_badge",
    "help_writing",
    "history",
    "index",
    "mark_read",
    "open_topic",
    "post",
    "profile",
    "react",
    "reactions",
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
