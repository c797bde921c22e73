"""The application with a mistake in it, and a kill at the worst moment: controls, of which CARELESS names one.

With the mistake left out ("dies"), the kill alone must do no harm.
"""

import os
import signal
from collections.abc import Callable

from django.db import connections, transaction

from config.wsgi import application as careful
from forum.counters import increments
from forum.models import Post, Topic

AFTER = int(os.environ["CARELESS_AFTER"])  # posts of this process
_count = increments.count_new_post
_posts = 0


def dies_before_the_answer(environ: dict, start_response: Callable) -> object:
    """The post is committed, and nobody hears of it."""
    began: list = []
    answer = careful(environ, lambda *words: began.append(words) or start_response(*words))
    status, headers = began[0][:2]
    if environ["REQUEST_METHOD"] == "POST" and status.startswith("302") and _leads_to_post(headers):
        _die_after_enough()
    return answer


def _leads_to_post(headers: list[tuple[str, str]]) -> bool:
    return dict(headers).get("Location", "").startswith("/posts/")


def counts_after_the_commit(topic: Topic, post: Post) -> None:
    def count() -> None:
        _die_after_enough()
        _count(topic, post)

    transaction.on_commit(count)


def _die_after_enough() -> None:
    global _posts
    _posts += 1
    if _posts >= AFTER:
        os.kill(os.getpid(), signal.SIGKILL)


connections.close_all()  # what the master opened is not for its children
application = careful
if os.environ["CARELESS"] == "dies":
    application = dies_before_the_answer
elif os.environ["CARELESS"] == "counts":
    increments.count_new_post = counts_after_the_commit
