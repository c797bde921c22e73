"""Similar topics are computed again after a change. Each task may be done twice."""

from django.tasks import task

from crossings.similar import stored, terms


@task()
def refresh_tables(topic_id: int) -> None:
    """The table of a topic that came, changed or moved, and those of its neighbours."""
    stored.refresh_around(topic_id)


@task()
def leave_tables(topic_id: int) -> None:
    """No table shows a topic that can no longer be read by all who could."""
    stored.leave(topic_id)


@task()
def leave_tables_of_subforum(subforum_id: int) -> None:
    stored.leave_subforum(subforum_id)


@task()
def catch_up() -> None:
    """Read topics that came by an import; the rest in another task, so that letters need not wait for all of them."""
    if terms.catch_up():
        terms.release_catch_up()
    else:
        catch_up.enqueue()
