"""Background tasks of letters. All are idempotent."""

from django.tasks import task

from notifications.letters import delivery


@task()
def send_letter(letter_id: int) -> None:
    """Send one letter; if the mail server refused it, try again later."""
    delay = delivery.send(letter_id)
    if delay is not None:
        send_letter.using(run_after=delay).enqueue(letter_id)
