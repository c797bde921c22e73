from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from bench.similar import feedback_evaluation, similarity_evaluation


class Command(BaseCommand):
    help = (
        "Say how well similar topics and crossings are found, on the evaluation set; with SIMILAR_BY_MEANING also how "
        "it does without. Leaves nothing behind."
    )

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=similarity_evaluation.FOLDER)
        parser.add_argument(
            "--part",
            choices=similarity_evaluation.PARTS,
            default=similarity_evaluation.FIRST,
            help="the sentences that were there first, to steer by, kept back, the same of the second set, or all",
        )
        parser.add_argument(
            "--from-feedback",
            action="store_true",
            help="measure on what members and moderators of this forum did with suggestions, not on the set",
        )
        parser.add_argument("--missed", action="store_true", help="also say what was not found")

    def handle(self, *, folder: Path, part: str, from_feedback: bool, missed: bool, **options: object) -> None:
        if from_feedback:
            self._handle_feedback(missed=missed)
            return
        with transaction.atomic():
            figures = similarity_evaluation.evaluate(folder, part, has_model=settings.SIMILAR_BY_MEANING)
            transaction.set_rollback(True)
        self._print(figures, missed=missed)

    def _handle_feedback(self, *, missed: bool) -> None:
        by_kind = feedback_evaluation.evaluate()
        if not by_kind:
            self.stdout.write("Nobody followed a suggestion yet, and no topic was marked as asked before or unrelated.")
        for kind, figures in by_kind.items():
            self.stdout.write(f"{kind[0].upper()}{kind[1:]}:")
            self._print(figures, missed=missed)

    def _print(self, figures: similarity_evaluation.Figures, *, missed: bool) -> None:
        for line in [*figures.lines(), *(figures.missed if missed else ())]:
            self.stdout.write(line)
