"""Loading the crossings that come with the software in the background."""

from django.tasks import task

from crossings.editorial import importer
from crossings.status import update


@task()
def load_crossings() -> None:
    importer.load_in_parts()
    update.judge_all()
