"""Old dotted paths of moved modules, for one release: task rows enqueued by an older release name them.

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
    """Let imports by old paths, as `import_string` of a queued task does, find the new modules."""
    for old, new in RENAMED.items():
        sys.modules[old] = import_module(new)
