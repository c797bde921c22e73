"""Background tasks that follow a change of badges. Idempotent."""

from django.db import transaction
from django.tasks import task

from forum.counters import expert_replies
from forum.experts import sleep
from forum.models import Topic
from forum.signals import expert_replies_counted

AT_ONCE = 500  # topics in one transaction, so that replies to them need not wait long


@task()
def count_replies(user_id: int, after: int = 0, goes_on: bool = True) -> None:
    """Count the replies of a member again in a part of the topics in which they wrote, by primary key from `after` on,
    and end the pages of what they called outdated; the rest in another task."""
    topic_ids = expert_replies.topics_of(user_id, after, AT_ONCE)
    if not topic_ids:
        return
    with transaction.atomic():
        expert_replies_counted.send(Topic, topic_ids=expert_replies.count_again(user_id, topic_ids))
        if goes_on and len(topic_ids) == AT_ONCE:
            count_replies.enqueue(user_id, topic_ids[-1])


@task()
def wake_badges(member_and_topic: list[int]) -> None:
    """Wake the sleeping badges of a member (their primary key) that speak in a topic (likewise)."""
    sleep.wake_where_used(*member_and_topic)
