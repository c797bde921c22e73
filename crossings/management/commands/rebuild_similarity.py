from django.core.management.base import BaseCommand

from crossings.models import TermState
from crossings.similar import terms
from forum.management.progress import Progress


class Command(BaseCommand):
    help = "Read the words of all topics again, and count them: after an import, or when the list of matters changed."

    def handle(self, **options: object) -> None:
        progress = Progress("topics read")
        terms.rebuild(progress)
        progress.finish()
        state = TermState.objects.get()
        self.stdout.write(f"{state.topics_count:,} readable topics are known.")
