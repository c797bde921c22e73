from django.core.management.base import BaseCommand, CommandError

from forum.management.progress import Progress
from forum.search import reindex, vocabulary

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Make the words by which search finds posts, where an older version made them; it may be stopped at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="Compare every post with its text, and mend those too.")
        parser.add_argument("--check", action="store_true", help="Change nothing; end with 1 if words differ.")

    def handle(self, *, check: bool, **options: object) -> None:
        drifted = self._compare() if check or options["all"] else []
        if check:
            self._tell(drifted)
            return
        reindex.outdate(drifted)
        progress = Progress("posts")
        done = reindex.reindex(progress)
        progress.finish()
        vocabulary.count_words()
        self.stdout.write(f"Posts indexed: {done}." if done else "Every post is indexed.")
        if left := reindex.waiting():
            raise CommandError(f"Posts that somebody was writing to: {left}. Run it again.")

    def _compare(self) -> list[int]:
        progress = Progress("posts compared")
        drifted = reindex.drifted(progress)
        progress.finish()
        return drifted

    def _tell(self, drifted: list[int]) -> None:
        for pk in drifted[:SHOWN]:
            self.stdout.write(f"Post {pk} has other words than its title and text.")
        if drifted:
            raise CommandError(f"Posts whose words differ: {len(drifted)}. Mend them with: manage.py reindex --all")
        self.stdout.write("The words of every post are right.")
