"""The checks of `manage.py doctor`, in order. Each is a function that returns one Finding."""

from collections.abc import Callable, Iterator

from django.db import Error

from config.health.doctor import content, database, deployment, mail_delivery, work
from config.health.doctor.results import Finding, Level, wrong

Look = Callable[[], Finding]

SITE: list[Look] = [
    deployment.secret_key, deployment.debug, deployment.demo, deployment.sign_up, deployment.address,
    deployment.proxies, deployment.letters,
    mail_delivery.mail_server, mail_delivery.sender, mail_delivery.unsubscribing,
    mail_delivery.spf, mail_delivery.dkim, mail_delivery.dmarc,
    deployment.static_files, deployment.disk_space, deployment.erasures,
]  # fmt: skip
DATABASE: list[Look] = [
    database.version, database.durability, database.jit, database.role, database.log,
    database.extensions, database.migrations, database.clock, database.size,
    work.worker, work.waiting_tasks, work.failed_tasks, work.late_chores, work.letters, mail_delivery.oldest_letter,
    content.markup_version, content.search_words, content.similar_by_meaning, content.second_steps, content.counters,
]  # fmt: skip


def examine() -> Iterator[Finding]:
    """Yield each finding as it is made. Without a database, the checks that query it are skipped."""
    for look in SITE:
        yield look()
    reachable = database.answers()
    yield reachable
    if reachable.level is Level.WRONG:
        return
    if database.is_new():
        yield wrong("The database has no tables yet.", "Run manage.py migrate.")
        return
    for look in DATABASE:
        yield _made_by(look)


def _made_by(look: Look) -> Finding:
    """Run one check; an exception, such as a missing table, becomes a finding and does not stop the others."""
    try:
        return look()
    except Error as error:
        what = look.__name__.replace("_", " ")
        return wrong(f"The {what} could not be looked at: {database.first_line(error)}", "Mend what is wrong above.")
