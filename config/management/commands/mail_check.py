from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage as Letter
from django.core.mail import mailers
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import DatabaseError, InterfaceError

from accounts.site_info import about_site
from config.health import smtp_conversation
from notifications.letters import threads

SUBJECT = "A test letter of {name}"
WORDS = (
    "If you read this, letters of {name} ({site}) arrive at this address.\n\n"
    "Look whether your mail program shows it as unwanted, and in its source whether SPF, DKIM and DMARC say “pass”.\n"
)


class Command(BaseCommand):
    help = "Send a test letter and say what happens, step by step. Ends with 1 if the mail server does not take it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, metavar="ADDRESS", help="The address of the test letter.")

    def handle(self, *, to: str, **options: object) -> None:
        try:
            validate_email(to)
        except ValidationError as error:
            raise CommandError(f"{to} is not an e-mail address.") from error
        if not settings.SMTP_HOST:
            self._give_to_backend(to)
            return
        for step in smtp_conversation.converse(_message(to)):
            if not step.went_well:
                raise CommandError(f"{step.words} {step.advice}")
            self.stdout.write(step.words)

    def _give_to_backend(self, to: str) -> None:
        """Without SMTP_HOST: what the site does with its letters instead."""
        subject, words = _texts()
        mailers.default.send_messages([Letter(subject, words, settings.MAIL_FROM, [to])])
        place = "It can be read at /letters/demo/." if settings.DEMO else "It was printed above."
        self.stdout.write(f"SMTP_HOST is not set, so the letter went nowhere. {place}")


def _texts() -> tuple[str, str]:
    try:
        name = about_site()["site_name"]
    except (DatabaseError, InterfaceError):  # letters are looked at without a database, too
        name = about_site(may_query=False)["site_name"]
    return SUBJECT.format(name=name), WORDS.format(name=name, site=settings.SITE_URL)


def _message(to: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], words = _texts()
    message["From"], message["To"] = settings.MAIL_FROM, to
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=threads.domain())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words)
    return message
