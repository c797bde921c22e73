from forum.views.pages import about, help_writing, profile, rules
from forum.views.reacting import react, reactions, withdraw_reaction
from forum.views.reading import index, post, subforum, topic, topic_by_id, unanswered
from forum.views.staff import (
    edit_rules,
    edit_section,
    edit_subforum,
    give_badge,
    remove_section,
    staff,
    withdraw_badge,
)
from forum.views.withdrawing import withdraw_post, withdraw_topic
from forum.views.writing import open_topic, reply

__all__ = [
    "about",
    "edit_rules",
    "edit_section",
    "edit_subforum",
    "give_badge",
    "help_writing",
    "index",
    "open_topic",
    "post",
    "profile",
    "react",
    "reactions",
    "remove_section",
    "reply",
    "rules",
    "staff",
    "subforum",
    "topic",
    "topic_by_id",
    "unanswered",
    "withdraw_badge",
    "withdraw_post",
    "withdraw_reaction",
    "withdraw_topic",
]
