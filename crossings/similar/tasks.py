"""Similar topics are computed again after a change. Each task may be done twice."""

from django.tasks import task

from crossings.similar import stored, terms, topic_vectors


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


@task()
def write_vector(topic_id: int) -> None:
    """What the title of a new topic means, or a new title (SIMILAR_BY_MEANING)."""
    topic_vectors.write([topic_id])


@task()
def write_missing_vectors() -> None:
    """Titles of an import, or of before the option was on; the rest in another task, as in `catch_up`."""
    if not topic_vectors.write_some():
        write_missing_vectors.enqueue()
