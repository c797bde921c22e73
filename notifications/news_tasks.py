"""Tasks that notify members, enqueued in the transaction of their cause. All are idempotent."""

from django.db.models import Q
from django.tasks import task

from crossings.models import CrossingReport, StatusChange
from notifications import badge_news
from notifications.models import Notification
from notifications.news import answer_news, crossing_news, moderation_news, moved_news, post_news
from notifications.news.counts import count_all_again
from notifications.survey import responses


@task()
def tell_of_post(post_id: int, is_just_written: bool) -> None:
    post_news.tell_of_post(post_id, is_just_written=is_just_written)


@task()
def tell_of_edit(post_id: int, edit: int, user_id: int) -> None:
    post_news.tell_of_new_names(post_id, edit)
    answer_news.tell_of_change(post_id, edit, user_id)


@task()
def tell_of_application(application_id: int) -> None:
    badge_news.tell_of_application(application_id)


@task()
def tell_of_sleep(badge_id: int, change_id: int) -> None:
    badge_news.tell_of_sleep(badge_id, change_id)


@task()
def tell_of_links(topic_id: int) -> None:
    post_news.tell_of_topic(topic_id)


@task()
def tell_of_acceptance(post_id: int) -> None:
    answer_news.tell_of_acceptance(post_id)


@task()
def tell_of_reaction(post_id: int, user_id: int, kind: str) -> None:
    answer_news.tell_of_reaction(post_id, user_id, kind)


@task()
def tell_of_confirmation(post_id: int, user_id: int, on: str) -> None:
    answer_news.tell_of_confirmation(post_id, user_id, on)


@task()
def tell_of_status(change_id: int) -> None:
    crossing_news.tell_of_status(change_id)
    answer_news.tell_of_contradictions(StatusChange.objects.filter(pk=change_id))


@task()
def tell_of_notice(notice_id: int) -> None:
    crossing_news.tell_of_notice(notice_id)


@task()
def tell_of_report(report_id: int) -> None:
    post_news.tell_of_report(report_id)
    answer_news.tell_of_contradictions(CrossingReport.objects.filter(pk=report_id))


@task()
def write_letters() -> None:
    """Write the letters of the survey."""
    responses.ask_travellers()


def write_letters_of_the_night() -> None:
    """Enqueue write_letters. Called nightly (config/worker/nightly.py), after chores that may notify members."""
    write_letters.enqueue()


@task()
def tell_of_act(entry_id: int) -> None:
    """Notify members of a moderator's act."""
    moderation_news.tell_of(entry_id)


@task()
def count_news_of_post(post_id: int) -> None:
    """Count the unread news of members again who were told of a post that was hidden or restored."""
    count_all_again(Notification.objects.filter(Q(post=post_id) | Q(rests_on=post_id)))


@task()
def count_news_of_topic(topic_id: int) -> None:
    """The same of all posts of a topic. What was moved into another topic goes along with it."""
    moved_news.follow_posts(topic_id)
    count_all_again(Notification.objects.filter(Q(topic=topic_id) | Q(rests_on__topic=topic_id)))


@task()
def count_news_of_subforum(subforum_id: int) -> None:
    """The same of all topics of a subforum that other members may read now."""
    places = Q(topic__subforum=subforum_id) | Q(rests_on__topic__subforum=subforum_id)
    count_all_again(Notification.objects.filter(places))
