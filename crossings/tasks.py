"""Work that follows a change. Each may be done twice."""

from django.tasks import task

from crossings.links import about_columns, actions
from crossings.maps import drawn_maps
from crossings.status import update

MAPS_AT_ONCE = 60


@task()
def judge_crossings(crossing_ids: list[int]) -> None:
    """Look again at crossings whose reports can no longer be read, or by others than before."""
    for pk in sorted(crossing_ids):
        update.judge(pk)
        actions.end_pages_of([pk])


@task()
def judge_by_new_rule() -> None:
    """All crossings, after the rule for statuses changed: enqueued by the migration that comes with a rule."""
    update.judge_all(by_new_rule=True)


@task()
def draw_maps() -> None:
    """A part of the maps that are missing; the rest in another task, so that letters need not wait for all of them."""
    if drawn_maps.draw_missing(MAPS_AT_ONCE):
        draw_maps.enqueue()


@task()
def follow_countries(crossing_id: int) -> None:
    """Topics of a crossing say in which countries it is, after that changed."""
    about_columns.write_linked(crossing_id)
