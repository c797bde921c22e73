from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import big_board, board
from demo.huge import huge_board, workshop
from demo.huge.amounts import Amounts
from forum.management.progress import Progress
from forum.models import Subforum
from forum.search import vocabulary

FEWEST = 1_000


class Command(BaseCommand):
    help = "Fill an empty forum with the demo's fictional members and topics. A second time changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--size",
            choices=["demo", "big", "huge"],
            default="demo",
            help="demo: what a visitor is shown. big: 60,000 posts, to measure on; it takes a minute. huge: a million, "
            "which take a quarter of an hour and 8 GB; stopped, it goes on where it was.",
        )
        parser.add_argument("--posts", type=int, default=Amounts.posts, help="with huge: how many posts (%(default)s)")

    def handle(self, *, size: str, posts: int, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's passwords are public, so seed runs only with DEMO=1, on this machine alone.")
        is_begun = workshop.is_begun()
        if not is_begun and (big_board.is_planted() or (size == "demo" and board.is_planted())):
            self.stdout.write("The demo data is there already.")
            return
        if is_begun and size != "huge":
            raise CommandError("A seed of the size huge was begun here. Go on with --size huge.")
        if Subforum.objects.exists() and not is_begun:
            raise CommandError("This forum has subforums of its own. The demo is for an empty one.")
        if size == "huge":
            self._plant_huge(posts)
            return
        self.stdout.write(f"Writing the demo data ({'a minute' if size == 'big' else 'a few seconds'}) …")
        self.progress = Progress("demo posts" if size == "big" else "demo topics")
        (big_board.plant_big if size == "big" else board.plant)(self.progress)
        self.progress.finish()
        vocabulary.count_words()
        self.stdout.write("The demo data is in place.")

    def _plant_huge(self, posts: int) -> None:
        if posts < FEWEST:
            raise CommandError(f"--posts is {FEWEST:,} at least.")
        self.stdout.write(f"Writing {posts:,} posts, and what belongs to them …")
        huge_board.plant_huge(self.stdout.write, Amounts(posts=posts))
        self.stdout.write("The demo data is in place.")
