from django.core.management.base import BaseCommand, CommandError

from config.rerender_kinds import KINDS
from forum.actions.rerender import Kind

STEP = 1000


class Command(BaseCommand):
    help = "Render anew texts whose HTML an older markup made. It may be stopped and started at any time."

    def handle(self, **options: object) -> None:
        self.refused = 0
        waiting = [(kind, count) for kind in KINDS if (count := kind.waiting())]
        for kind, count in waiting:
            self._lift(kind, count)
        if not waiting:
            self.stdout.write("Every text is up to date.")
        if self.refused:
            raise CommandError(
                f"Texts that stay as they were, because today's markup refuses their text: {self.refused}."
            )

    def _lift(self, kind: Kind, waiting: int) -> None:
        done = 0
        for lifted in kind.lift():
            if lifted.refusal:
                self.refused += 1
                self.stderr.write(f"{lifted.name} stays as it was: {lifted.refusal}")
                continue
            done += 1
            if done % STEP == 0:
                self.stdout.write(f"{done} of {waiting} …")
        self.stdout.write(f"{kind.name} rendered anew: {done}.")
