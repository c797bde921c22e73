from django.dispatch import receiver

from accounts.models import User
from crossings.demo.planting import plant_crossings
from forum.demo.plant import demo_planted
from forum.models import Topic


@receiver(demo_planted)
def plant(topics: dict[int, Topic], rows: list[dict], users: dict[str, User], **kwargs: object) -> None:
    plant_crossings(topics, rows, users)
