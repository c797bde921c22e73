import argparse
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from config.backup.archive import Archive
from config.backup.back_up import CannotBackUp, back_up
from config.backup.manifest import Unreadable
from config.backup.postgres_client import ClientFailed, NoClient
from config.backup.words import describe, ended_by_signal, of_full_disk
from config.health.doctor.database import first_line


class Command(BaseCommand):
    help = "Write database and media into one archive, while the forum runs; or look whether an archive is whole."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("target", nargs="?", type=Path, help="A directory, or a file that ends in .tar.")
        parser.add_argument("--keep", type=_positive, default=0, metavar="N", help="Remove all but the newest N.")
        parser.add_argument("--check", type=Path, metavar="FILE", help="Write nothing; compare FILE's checksums.")

    def handle(self, *, target: Path | None, keep: int, check: Path | None, **options: object) -> None:
        try:
            if check:
                self.stdout.write(describe(Archive(check).verify()))
                return
            with ended_by_signal():
                back_up(target or settings.BACKUPS, self._tell, keep=keep)
        except Unreadable as error:
            raise CommandError(f"{check} cannot be used: {error}.") from None
        except (CannotBackUp, NoClient, ClientFailed) as error:
            raise CommandError(f"{error} Nothing was written.") from None
        except (psycopg.Error, Error) as error:
            raise CommandError(
                f"The database does not answer as it should: {first_line(error)} Nothing was written."
            ) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing half is left.", returncode=130) from None
        except OSError as error:
            raise CommandError(
                of_full_disk(error, "Nothing half is left, and older backups are still there.")
            ) from None

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return int(text)
