from django.conf import settings
from django.core.management.base import BaseCommand

from crossings.models import TermState
from crossings.similar import terms, topic_vectors
from forum.management.progress import Progress
from forum.models import Topic


class Command(BaseCommand):
    help = "Read the words of all topics again, and count them: after an import, or when the list of matters changed."

    def handle(self, **options: object) -> None:
        progress = Progress("topics read")
        terms.rebuild(progress)
        progress.finish()
        if settings.SIMILAR_BY_MEANING:
            self._read_titles()
        state = TermState.objects.get()
        self.stdout.write(f"{state.topics_count:,} readable topics are known.")

    def _read_titles(self) -> None:
        progress = Progress("titles read")
        ids = list(Topic.objects.order_by("-pk").values_list("pk", flat=True))
        for first in range(0, len(ids), topic_vectors.AT_ONCE):
            topic_vectors.write(ids[first : first + topic_vectors.AT_ONCE])
            progress(min(first + topic_vectors.AT_ONCE, len(ids)), len(ids))
        progress.finish()
