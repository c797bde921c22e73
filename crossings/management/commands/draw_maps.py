from django.core.management.base import BaseCommand

from crossings.maps import drawn_maps


class Command(BaseCommand):
    help = (
        "Draw the maps that are missing, and forget those that no page shows any more. Doing it again changes nothing."
    )

    def handle(self, **options: object) -> None:
        drawn_maps.draw_missing(tell=self._tell)
        self.stdout.write("All maps are drawn.")

    def _tell(self, done: int, all_: int) -> None:
        if done % 20 == 0 or done == all_:
            self.stdout.write(f"{done} of {all_} maps")
