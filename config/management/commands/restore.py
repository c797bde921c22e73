import os
import subprocess
import sys
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from config.backup import half_restored
from config.backup.manifest import Unreadable
from config.backup.postgres_client import ClientFailed, NoClient
from config.backup.restore import CannotRestore, restore
from config.backup.words import ended_by_signal, of_full_disk
from config.health.doctor.database import first_line


class Command(BaseCommand):
    help = "Restore an archive of manage.py backup: database, rights, media; erasures since then are repeated."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="Also over a forum that has content, which is lost.")

    def handle(self, *, file: Path, replace: bool, **options: object) -> None:
        try:
            with ended_by_signal():
                manifest = restore(file, self._tell, replace=replace)
        except Unreadable as error:
            raise CommandError(f"{file} cannot be used: {error}. Nothing was changed.") from None
        except NoClient as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        except (CannotRestore, ClientFailed) as error:
            raise CommandError(f"{error}{_state()}") from None
        except (psycopg.Error, Error) as error:
            raise CommandError(f"The database does not answer as it should: {first_line(error)}{_state()}") from None
        except KeyboardInterrupt:
            raise CommandError(f"Stopped.{_state()}", returncode=130) from None
        except OSError as error:
            raise CommandError(of_full_disk(error, _state().strip())) from None
        if manifest.settings:
            self._tell(f"Settings that were given where the backup was made: {', '.join(manifest.settings)}.")
        self._tell("SECRET_KEY and passwords are in no backup: give them again. What manage.py doctor says now:")
        _doctor()
        self._tell("Start web and worker now.")

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _state() -> str:
    """What the target is like after a restore that did not end."""
    try:
        said = half_restored.words()
    except Error:
        return " Once it does, manage.py doctor says whether the forum is half restored."
    return f" {said} {half_restored.REMEDY}" if said else " Nothing was changed."


def _doctor() -> None:
    """As the application's role, in a process of its own."""
    command = [sys.executable, "manage.py", "doctor"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_ROLE": "app"})
