from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.logs import security_log
from accounts.models import User
from accounts.signin.reset_second_step import reset_second_step
from accounts.signup.account_of import account_of


class Command(BaseCommand):
    help = "Take lost second steps off an account: its member signs in by the password alone, and is told by letter."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the member's name, or their address")

    def handle(self, *args: Any, **options: Any) -> None:
        member = account_of(options["name"])
        if member is None:
            raise CommandError("Nobody has this name or address. Look at the spelling.")
        if not reset_second_step(member):
            self.stdout.write(f"{member.username} has no second step.")
            return
        security_log.note("second-step-reset", of=member.pk)
        self.stdout.write(f"Done. {member.username} is signed out everywhere, and signs in by the password alone.")
        if User.objects.get(pk=member.pk).lacks_second_step:
            self.stdout.write("Their rights as moderator or administrator rest until they add a new second step.")
