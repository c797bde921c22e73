"""The forum's permissions, as filters: `{% if user|can_reply:topic %}`."""

from django import template

from forum import permissions

register = template.Library()

for _rule in (
    permissions.can_accept,
    permissions.can_administer,
    permissions.can_edit,
    permissions.can_edit_rules,
    permissions.can_moderate,
    permissions.can_open_topic,
    permissions.can_react,
    permissions.can_read_history,
    permissions.can_reply,
    permissions.can_restore,
    permissions.can_withdraw,
    permissions.can_withdraw_topic,
):
    register.filter(_rule.__name__, _rule)
