"""Tasks that notify members, enqueued in the transaction of their cause. All are idempotent."""

from django.tasks import task

from notifications.news import crossing_news, moderation_news
from notifications.survey import responses


@task()
def tell_of_status(change_id: int) -> None:
    crossing_news.tell_of_status(change_id)


@task()
def tell_of_notice(notice_id: int) -> None:
    crossing_news.tell_of_notice(notice_id)


@task()
def tell_of_report(report_id: int) -> None:
    crossing_news.tell_of_report(report_id)


@task()
def write_letters() -> None:
    """Write the nightly letters: the daily ones and the survey."""
    crossing_news.bundle()
    responses.ask_travellers()


def write_letters_of_the_night() -> None:
    """Enqueue write_letters. Called nightly (config/worker/nightly.py), after chores that may notify members."""
    write_letters.enqueue()


@task()
def tell_of_act(entry_id: int) -> None:
    """Notify members of a moderator's act."""
    moderation_news.tell_of(entry_id)
