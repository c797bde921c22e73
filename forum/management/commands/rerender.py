from django.core.management.base import BaseCommand, CommandError

from forum.rerendering import outdated, rerender

STEP = 1000


class Command(BaseCommand):
    help = "Render posts anew whose HTML an older markup made. It may be stopped and started again at any time."

    def handle(self, **options: object) -> None:
        self.waiting = outdated().count()
        self.done = self.refused = 0
        for lifted in rerender():
            self._count(lifted.post_id, lifted.refusal)
        self.stdout.write(f"Posts rendered anew: {self.done}." if self.waiting else "Every post is up to date.")
        if self.refused:
            raise CommandError(
                f"Posts that stay as they were, because today's markup refuses their text: {self.refused}."
            )

    def _count(self, post_id: int, refusal: str) -> None:
        if refusal:
            self.refused += 1
            self.stderr.write(f"Post {post_id} stays as it was: {refusal}")
            return
        self.done += 1
        if self.done % STEP == 0:
            self.stdout.write(f"{self.done} of {self.waiting} …")
