from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import big_board, board
from forum.management.progress import Progress
from forum.models import Subforum
from forum.search import vocabulary


class Command(BaseCommand):
    help = "Fill an empty forum with the demo's fictional members and topics. A second time changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--size",
            choices=["demo", "big"],
            default="demo",
            help="demo: what a visitor is shown. big: 60,000 posts, to measure on; it takes half a minute.",
        )

    def handle(self, *, size: str, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's passwords are public, so seed runs only with DEMO=1, on this machine alone.")
        if big_board.is_planted() or (size == "demo" and board.is_planted()):
            self.stdout.write("The demo data is there already.")
            return
        if Subforum.objects.exists():
            raise CommandError("This forum has subforums of its own. The demo is for an empty one.")
        self.stdout.write(f"Writing the demo data ({'half a minute' if size == 'big' else 'a few seconds'}) …")
        self.progress = Progress("demo posts" if size == "big" else "demo topics")
        (big_board.plant_big if size == "big" else board.plant)(self.progress)
        self.progress.finish()
        vocabulary.count_words()
        self.stdout.write("The demo data is in place.")
