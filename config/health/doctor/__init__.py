"""The checks of `manage.py doctor`, in order. Each is a function that returns one Finding."""

from collections.abc import Callable, Iterator

from django.db import Error

from config.health.doctor import content, database, deployment, work
from config.health.doctor.results import Finding, Level, wrong

Look = Callable[[], Finding]

SITE: list[Look] = [
    deployment.secret_key, deployment.debug, deployment.demo, deployment.address, deployment.proxies,
    deployment.letters, deployment.static_files, deployment.disk_space,
]  # fmt: skip
DATABASE: list[Look] = [
    database.version, database.durability, database.jit, database.role, database.log,
    database.extensions, database.migrations, database.clock, database.size,
    work.worker, work.waiting_tasks, work.failed_tasks, work.letters,
    content.markup_version, content.counters,
]  # fmt: skip


def examine() -> Iterator[Finding]:
    """Yield each finding as it is made. Without a database, the checks that query it are skipped."""
    for look in SITE:
        yield look()
    reachable = database.answers()
    yield reachable
    if reachable.level is not Level.WRONG:
        for look in DATABASE:
            yield _made_by(look)


def _made_by(look: Look) -> Finding:
    """Run one check; an exception, such as a missing table, becomes a finding and does not stop the others."""
    try:
        return look()
    except Error as error:
        what = look.__name__.replace("_", " ")
        return wrong(f"The {what} could not be looked at: {database.first_line(error)}", "Mend what is wrong above.")
