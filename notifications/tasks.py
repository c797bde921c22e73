"""Background tasks of letters. All are idempotent."""

from django.tasks import task

from notifications.letters import delivery


@task()
def send_letter(letter_id: int) -> None:
    """Send one letter. Enqueued by releases before 0.2, for one release: the worker now sends what is due by itself."""
    delivery.send(letter_id)
