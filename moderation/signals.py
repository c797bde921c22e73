"""Signals for apps that depend on moderation, sent inside the transaction: receivers write rows or enqueue tasks."""

from django.dispatch import Signal

# A moderator acted, or undid an act. Sends `entry`, with its words.
acted = Signal()
