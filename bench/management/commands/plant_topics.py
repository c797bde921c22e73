import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bench.similar import similarity_topics
from bench.similar.similarity_data import SUPERUSER


class Command(BaseCommand):
    help = "Fill the demo with 200,000 topics to measure similar topics on. `./run bench --similarity` calls it."

    def handle(self, **options: object) -> None:
        url = os.environ.get(SUPERUSER)
        if not settings.DEMO or not url:
            raise CommandError(f"Only ./run bench --similarity fills its own database so, with DEMO=1 and {SUPERUSER}.")
        similarity_topics.fill(url, self.stdout.write)
