"""Signals for apps that depend on accounts, sent inside the transaction: receivers write rows or enqueue tasks."""

from django.dispatch import Signal

# A member was renamed. Sends `user`, with the new username.
member_renamed = Signal()
