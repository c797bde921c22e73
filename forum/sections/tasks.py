"""Background tasks of subforums that are being removed."""

from django.tasks import task

from forum.sections import removal_steps

AT_ONE_TIME = 200  # topics, so that letters need not wait for all of them


@task()
def go_on_removing(subforum_id: int) -> None:
    """Move some topics out of a subforum that is being removed; the rest in another task."""
    if removal_steps.go_on(subforum_id, AT_ONE_TIME):
        go_on_removing.enqueue(subforum_id)
