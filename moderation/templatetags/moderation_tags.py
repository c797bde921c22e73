"""Permissions of moderators as template filters: `{% if user|can_read_record:member %}`; what hiding a topic hides."""

from django import template

from moderation import consequences, permissions

register = template.Library()

for _rule in (
    permissions.can_flag,
    permissions.can_keep_gate,
    permissions.can_moderate_something,
    permissions.can_read_record,
):
    register.filter(_rule.__name__, _rule)

register.filter("replies_with", consequences.replies_with)
