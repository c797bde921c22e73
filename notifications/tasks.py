"""Work that follows news. Each may be done twice."""

from django.tasks import task

from notifications.letters import delivery


@task()
def send_letter(letter_id: int) -> None:
    """Send one letter; if the mail server would not take it, try again later."""
    delay = delivery.send(letter_id)
    if delay is not None:
        send_letter.using(run_after=delay).enqueue(letter_id)
