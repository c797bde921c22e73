"""Seeding an empty forum with a million posts, by steps: one that is done is not repeated after a stop."""

import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from demo.country_articles import plant_articles
from demo.gate_hours import plant_hours
from demo.huge import board_rows, border_rows, desk_rows, indexes, reader_rows, workshop
from demo.huge.amounts import Amounts
from demo.huge.fill import Params, run
from forum.counters import thanks_of_the_week
from forum.search import vocabulary

Say = Callable[[str], object]
Step = Callable[[Amounts, Params], object]
# For sorting and for indexes, of this session alone.
_MEMORY = """
    SET statement_timeout = 0; SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'
"""
_TABLES = [*board_rows.TABLES, *border_rows.TABLES, *reader_rows.TABLES, *desk_rows.TABLES]


def plant_rest() -> None:
    """What other tables have, by the posts that there are: the huge forum's, or those of the big one."""
    rest = reader_rows.ranges({"now": timezone.now()})
    reader_rows.make_readings(rest)
    reader_rows.make_answers(rest)
    reader_rows.make_members_rows(rest)
    reader_rows.make_news(rest)
    desk_rows.make_moderation(rest)
    desk_rows.make_experts_rows(rest)
    thanks_of_the_week.keep()


# The names are kept while the steps are taken.
STEPS: dict[str, Step] = {
    "texts": lambda amounts, params: workshop.make_texts(amounts),
    "members and crossings": board_rows.make_members_and_places,
    "without indexes": lambda amounts, params: indexes.drop(list(dict.fromkeys(_TABLES))),
    "topics and posts, narrow": lambda amounts, params: board_rows.make_slots(params),
    "posts": lambda amounts, params: board_rows.make_posts(params),
    "topics": lambda amounts, params: board_rows.make_topics(params),
    "links and reports": lambda amounts, params: border_rows.make_reports(params),
    "counters": lambda amounts, params: board_rows.count(params),
    "words of topics": lambda amounts, params: border_rows.make_terms(params),
    "similar topics": lambda amounts, params: border_rows.make_similar_topics(params),
    "what members leave": lambda amounts, params: plant_rest(),
    "indexes": lambda amounts, params: indexes.remake(),
    "hours and articles": lambda amounts, params: _plant_by_editors(),
    "statuses": lambda amounts, params: border_rows.judge(params),
    "words": lambda amounts, params: vocabulary.count_words(),
}


def plant_huge(say: Say, amounts: Amounts) -> None:
    """Take the steps that are not done. A second call goes on with the amounts of the first one."""
    amounts, end = workshop.begin(amounts)
    params = board_rows.params_of(amounts, end)
    for name, step in STEPS.items():
        if name not in workshop.done():
            begun = time.perf_counter()
            _take(name, step, amounts, params)
            say(f"{name.capitalize()}: {time.perf_counter() - begun:.0f} s")
    workshop.end()


@transaction.atomic
def _take(name: str, step: Step, amounts: Amounts, params: Params) -> None:
    run(_MEMORY)
    run("SELECT setseed(0.23)")
    step(amounts, params)
    workshop.note_done(name)


def _plant_by_editors() -> None:
    administrator = User.objects.filter(is_staff=True).earliest("pk")
    plant_hours(administrator)
    plant_articles(administrator)
