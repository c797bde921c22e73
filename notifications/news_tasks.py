"""Tasks that make news, enqueued in the transaction of its cause. Each may be done twice."""

from django.tasks import task

from notifications import moderation_news, watch_news
from notifications.survey import responses


@task()
def tell_of_status(change_id: int) -> None:
    watch_news.tell_of_status(change_id)


@task()
def tell_of_notice(notice_id: int) -> None:
    watch_news.tell_of_notice(notice_id)


@task()
def tell_of_report(report_id: int) -> None:
    watch_news.tell_of_report(report_id)


@task()
def write_letters() -> None:
    """The letters of the night: after whatever the chores before them have found out."""
    watch_news.bundle()
    responses.ask_travellers()


def write_letters_of_the_night() -> None:
    """The nightly clock calls this."""
    write_letters.enqueue()


@task()
def tell_of_act(entry_id: int) -> None:
    """News and a letter for whom an act concerns."""
    moderation_news.tell_of(entry_id)
