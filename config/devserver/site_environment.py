"""A database that runs for as long as it is needed, and the environment that points to it."""

import contextlib
import os
from collections.abc import Iterator

from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.holders import Hold

# Settings of the surroundings that would lead to another database or role than the one that is meant.
NOT_TAKEN_OVER = ("DATABASE_ROLE", "DATABASE_OWNER_PASSWORD")


@contextlib.contextmanager
def running(database: EmbeddedPostgres) -> Iterator[Hold]:
    """Context manager: the database runs, and of all that use it the last one stops it (config/devserver/holders.py).

    Processes that shall count as well, also if this one is killed, inherit the descriptor of what is yielded.
    """
    hold = database.hold()
    try:
        database.start()
        yield hold
    finally:
        database.let_go(hold)


def environment_of(database: EmbeddedPostgres, *, demo: bool, port: int) -> dict[str, str]:
    ours = {
        "DATABASE_URL": database.url("app"),
        "DATABASE_OWNER_URL": database.url("owner"),
        "BORDERPOST_HOME": str(database.place.home),
        "SITE_URL": os.environ.get("SITE_URL", f"http://127.0.0.1:{port}"),
        "DEMO": "1" if demo else "0",
    }
    around = {name: value for name, value in os.environ.items() if name not in NOT_TAKEN_OVER}
    return around | ours
