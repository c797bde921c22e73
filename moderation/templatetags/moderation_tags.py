"""Permissions of moderators as template filters: `{% if user|can_read_notes:member %}`."""

from django import template

from moderation import permissions

register = template.Library()

for _rule in (permissions.can_flag, permissions.can_moderate_something, permissions.can_read_notes):
    register.filter(_rule.__name__, _rule)
