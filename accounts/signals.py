"""What the accounts tell the apps to their right, inside the transaction: receivers write rows or enqueue tasks."""

from django.dispatch import Signal

# A member has another name. Sends `user`, who carries the new one.
member_renamed = Signal()
