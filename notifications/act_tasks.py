"""Work that follows acts of moderators. It may be done twice."""

from django.tasks import task

from notifications import acts


@task()
def tell_of_act(entry_id: int) -> None:
    """News and a letter for whom an act concerns."""
    acts.tell_of(entry_id)
