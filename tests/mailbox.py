"""The letters that requests asked for, sent as the worker does it."""

from django.core import mail

from notifications.letters import delivery


def sent():
    """Send the letters about accounts that are due. All e-mails of this test, the newest last."""
    while delivery.send_due_about_accounts():
        pass
    return mail.outbox
