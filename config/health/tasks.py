"""Running the doctor in the background."""

from django.tasks import task

from config.health import runs


@task()
def run_doctor() -> None:
    runs.run()
