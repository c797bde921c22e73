from django.dispatch import receiver

from accounts.models import User
from crossings.demo import big, planting
from forum.demo.big import big_planted
from forum.demo.plant import demo_planted
from forum.models import Topic


@receiver(demo_planted)
def plant(topics: dict[int, Topic], rows: list[dict], users: dict[str, User], **kwargs: object) -> None:
    planting.plant_crossings(topics, rows, users)


@receiver(big_planted)
def plant_big(**kwargs: object) -> None:
    big.plant_crossings()
