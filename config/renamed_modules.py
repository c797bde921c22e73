"""Old dotted paths of modules that moved, for one release: rows of tasks that an older release enqueued name them.

Remove an entry one release after the move, when no queued task can name it any more.
"""

import sys
from importlib import import_module

RENAMED = {
    "crossings.similar_tasks": "crossings.similar.tasks",
    "notifications.act_tasks": "notifications.news_tasks",
    "notifications.watch_tasks": "notifications.news_tasks",
}


def install() -> None:
    """Let imports by the old paths find the new modules, as `import_string` of a queued task does."""
    for old, new in RENAMED.items():
        sys.modules[old] = import_module(new)
