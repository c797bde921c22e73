"""Work that follows a change. Each may be done twice."""

from django.tasks import task

from crossings import judging, linking


@task()
def judge_crossings(crossing_ids: list[int]) -> None:
    """Look again at crossings whose reports can no longer be read, or by others than before."""
    for pk in sorted(crossing_ids):
        judging.judge(pk)
        linking.end_pages_of([pk])
