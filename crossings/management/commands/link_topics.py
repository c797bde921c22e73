from django.core.management.base import BaseCommand

from crossings.models import SimilarTopic
from crossings.similar import stored, terms
from forum.management.progress import Progress
from forum.models import Topic


class Command(BaseCommand):
    help = (
        "Link topics to the crossings they name, and fill the tables of similar topics. Links that people made or "
        "removed stay as they are; doing it again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("--no-tables", action="store_true", help="link only; tables fill as topics change")

    def handle(self, *, no_tables: bool, **options: object) -> None:
        progress = Progress("topics read")
        terms.rebuild(progress)
        progress.finish()
        ids = list(Topic.objects.order_by("pk").values_list("pk", flat=True))
        progress = Progress("topics linked")
        made = 0
        for first in range(0, len(ids), terms.CHUNK):
            made += terms.link_by_words(ids[first : first + terms.CHUNK])
            progress(min(first + terms.CHUNK, len(ids)), len(ids))
        progress.finish()
        self.stdout.write(f"{made:,} new links.")
        if not no_tables:
            self._fill_tables(ids)

    def _fill_tables(self, ids: list[int]) -> None:
        progress = Progress("tables filled")
        for done, pk in enumerate(ids, start=1):
            stored.refresh(pk)
            progress(done, len(ids))
        progress.finish()
        self.stdout.write(f"{SimilarTopic.objects.count():,} similar topics are listed.")
