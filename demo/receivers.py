"""Receivers that seed the rest after the demo's topics, in this order: moderation queue, crossings, similar topics,
watches."""

from django.dispatch import receiver

from accounts.models import User
from crossings.similar import stored, terms
from crossings.status import update
from demo import big_crossings, crossings, member_watches, moderator_queue
from demo.big_board import big_planted
from demo.board import demo_planted
from demo.huge import border_rows, huge_board
from forum.models import Topic


@receiver(demo_planted)
def plant(topics: dict[int, Topic], rows: list[dict], users: dict[str, User], **kwargs: object) -> None:
    moderator_queue.plant(topics, users)
    crossings.plant_crossings(topics, rows, users)
    _fill_similar_topics(sorted(topic.pk for topic in topics.values()))
    member_watches.plant_watches(users)


def _fill_similar_topics(ids: list[int]) -> None:
    """Fill similar topics here, because seeding sends no signals of the forum; after the links to crossings."""
    terms.write(ids)
    terms.link_by_words(ids)
    terms.count_terms()
    for pk in ids:
        stored.refresh(pk)


@receiver(big_planted)
def plant_big(**kwargs: object) -> None:
    big_crossings.plant_crossings()
    terms.rebuild(lambda done, total: None)
    huge_board.plant_rest()
    border_rows.make_similar_topics({})
    update.judge_all()
