"""Signals for apps that depend on accounts, sent inside the transaction: receivers write rows or enqueue tasks."""

from django.dispatch import Signal

# A member was renamed. Sends `user`, with the new username, `former`, the one before, and `by`, who did it, or None.
member_renamed = Signal()
# An e-mail about an account is to be sent (accounts/signup/account_mail.py). Sends `purpose`, `user` (None if nobody
# has the address) and `address` ("" for the member's own).
letter_asked = Signal()
