from typing import Any

from django.conf import settings
from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError
from django.db import IntegrityError, models

from accounts.models import User
from accounts.signup import account_mail
from accounts.signup.adapter import AccountAdapter
from accounts.text import names

TAKEN = str(AccountAdapter.error_messages["username_taken"])
TAKEN_ADDRESS = "An account has this address already. Sign in with it, or give another address."


class Command(createsuperuser.Command):
    help = "Make an administrator. Says so if the name or the address cannot be given."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options)
        except IntegrityError as error:  # with --noinput, or taken by somebody else while questions were asked
            raise CommandError(TAKEN_ADDRESS if "one_account_per_email" in str(error) else TAKEN) from error
        if settings.SECOND_STEP_FOR_STAFF:
            self.stdout.write(
                "Sign in, and add a second step within a week: a passkey or codes from an app, at "
                f"{account_mail.signing_in_url()} . After that administrators without one have no rights."
            )

    def _validate_username(self, username: str, verbose_field_name: str, database: str) -> str | None:
        """Django's check knows only names that are the same letter by letter."""
        if problem := names.problem_with(username):
            return problem
        if User.objects.using(database).filter(username_skeleton=names.skeleton(username)).exists():
            return TAKEN
        return super()._validate_username(username, verbose_field_name, database)  # type: ignore[misc]

    def get_input_data(self, field: models.Field, message: str, default: Any = None) -> Any:
        value = super().get_input_data(field, message, default)
        if value and field.name == "email" and User.objects.filter(email__iexact=value.strip()).exists():
            self.stderr.write(TAKEN_ADDRESS)
            return None
        return value
