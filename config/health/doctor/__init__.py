"""What `manage.py doctor` looks at, in this order. Each look is one function that makes one finding."""

from collections.abc import Callable, Iterator

from django.db import Error

from config.health.doctor import content, database, deployment, work
from config.health.doctor.findings import Finding, Level, wrong

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
    """Every finding, as it is made. Without a database nothing more is asked of it."""
    for look in SITE:
        yield look()
    reachable = database.answers()
    yield reachable
    if reachable.level is not Level.WRONG:
        for look in DATABASE:
            yield _made_by(look)


def _made_by(look: Look) -> Finding:
    """One look that fails, because a table is missing for example, does not end the others."""
    try:
        return look()
    except Error as error:
        what = look.__name__.replace("_", " ")
        return wrong(f"The {what} could not be looked at: {database.first_line(error)}", "Mend what is wrong above.")
