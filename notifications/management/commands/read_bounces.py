import mailbox
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, transaction

from notifications.letters.returned import delivery_reports

# What tells a mail server to try again later (sysexits.h: EX_TEMPFAIL).
TRY_AGAIN = 75


class Command(BaseCommand):
    help = (
        "Read what came to the mailbox of bounces: from a Maildir, whose new mail is marked as seen, or one mail from "
        "standard input, for a mail server that pipes it here. Anything else than reports about our letters is ignored."
    )

    def add_arguments(self, parser):
        parser.add_argument("maildir", nargs="?", type=Path, help="A Maildir. Without it, standard input is read.")

    def handle(self, *, maildir: Path | None, **options: object) -> None:
        if maildir is None:
            self._read_pipe()
        elif not (maildir / "new").is_dir() or not (maildir / "cur").is_dir():
            raise CommandError(f"{maildir} is no Maildir: it needs the folders new and cur. Give the path of one.")
        else:
            self._read_maildir(maildir)

    def _read_pipe(self) -> None:
        try:
            is_ours = delivery_reports.read(sys.stdin.buffer.read(delivery_reports.LARGEST))
        except OperationalError:
            self.stderr.write("The database cannot be reached. Try again later.")
            sys.exit(TRY_AGAIN)
        if not is_ours:
            self.stderr.write("This is no report about a letter of this site.")

    def _read_maildir(self, maildir: Path) -> None:
        box = mailbox.Maildir(maildir, create=False)
        read = [self._read_one(box, key) for key in sorted(box.keys()) if "S" not in box.get_message(key).get_flags()]
        self.stdout.write(f"Reports about letters: {sum(read)}. Other mail: {len(read) - sum(read)}.")

    def _read_one(self, box: mailbox.Maildir, key: str) -> bool:
        """Read one e-mail, and mark it as seen after what it says is committed."""
        message = box.get_message(key)
        with transaction.atomic():
            is_ours = delivery_reports.read(box.get_bytes(key))
        message.add_flag("S")
        message.set_subdir("cur")
        box[key] = message
        return is_ours
