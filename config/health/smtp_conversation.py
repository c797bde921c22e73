"""A conversation with the mail server, step by step: connect, encrypt, sign in, hand over a letter."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, NamedTuple

from django.conf import settings

PATIENCE = 10.0  # seconds for each answer


class Step(NamedTuple):
    """What was tried, in words; `advice` is empty if it went well."""

    words: str
    advice: str = ""

    @property
    def went_well(self) -> bool:
        return not self.advice


def converse(message: EmailMessage | None = None) -> Iterator[Step]:
    """Yield each step as it is done, and end at the first that fails. Without a message nothing is handed over."""
    server: smtplib.SMTP | None = None
    try:
        server = smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=PATIENCE)
        server.ehlo_or_helo_if_needed()
        yield Step(f"{settings.SMTP_HOST} answers on port {settings.SMTP_PORT}.")
        if settings.SMTP_TLS:
            yield _encrypt(server)
        if settings.SMTP_USER:
            yield _sign_in(server)
        if message is not None:
            yield _hand_over(server, message)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        yield _failure(error)
    finally:
        if server is not None:
            server.close()


def _encrypt(server: smtplib.SMTP) -> Step:
    server.starttls(context=ssl.create_default_context())
    return Step("The conversation is encrypted (STARTTLS), and its certificate is good.")


def _sign_in(server: smtplib.SMTP) -> Step:
    server.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
    return Step(f"It takes us as {settings.SMTP_USER}.")


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> Step:
    server.send_message(message)
    server.quit()
    return Step(f"It took the letter to {message['To']}. Look whether it arrives, also among the unwanted mail.")


def _failure(error: Exception) -> Step:
    """What failed, and what to do: the first kind that fits."""
    place = f"{settings.SMTP_HOST}, port {settings.SMTP_PORT}"
    match error:
        case smtplib.SMTPAuthenticationError():
            return Step(f"It refuses our name and password: {_said(error)}.", "Correct SMTP_USER and SMTP_PASSWORD.")
        case smtplib.SMTPNotSupportedError():
            if "SMTPUTF8" in str(error).upper():
                return Step("It takes no addresses beyond ASCII.", "Write it in ASCII (xn--…), or try another.")
            what = "STARTTLS" if "STARTTLS" in str(error).upper() else "signing in"
            remedy = "Set SMTP_TLS=0, or choose its port for it (587)." if what == "STARTTLS" else "Unset SMTP_USER."
            return Step(f"It offers no {what}.", remedy)
        case smtplib.SMTPRecipientsRefused():
            return Step(f"It does not take letters to that address: {_said(error)}.", "Try another address.")
        case smtplib.SMTPSenderRefused():
            return Step(f"It does not take letters from {settings.MAIL_FROM}: {_said(error)}.", "Correct MAIL_FROM.")
        case smtplib.SMTPDataError():
            return Step(f"It refused the letter: {_said(error)}.", "Read its log, and why it says so.")
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Step(f"It sends us away: {_said(error)}.", "Try later, or let this machine in there.")
        case smtplib.SMTPServerDisconnected() if "timed out" not in str(error):
            return Step(
                f"{place} ended the conversation in the middle.",
                "If it wants encryption from the first byte (port 465), choose its port for STARTTLS (587).",
            )
        case ssl.SSLCertVerificationError():
            return Step(
                f"Its certificate is not good: {error.verify_message}.",
                "Set SMTP_HOST to the name in its certificate, or renew that.",
            )
        case ssl.SSLError():
            return Step(f"{place} does not encrypt as we ask it to: {error.reason}.", "Look at SMTP_PORT and SMTP_TLS.")
        case socket.gaierror():
            return Step(f"Nobody knows a server {settings.SMTP_HOST}.", "Correct SMTP_HOST, or look at the DNS.")
        case ConnectionRefusedError():
            return Step(f"Nothing listens at {place}.", "Start the mail server, or correct SMTP_HOST and SMTP_PORT.")
        case TimeoutError() | smtplib.SMTPServerDisconnected():
            return Step(
                f"{place} does not answer within {PATIENCE:g} seconds.",
                "See whether a firewall stands between; many providers close port 25.",
            )
    return Step(f"{place} cannot be reached: {error}.", "Look at SMTP_HOST, SMTP_PORT and the network.")


def _said(error: Any) -> str:
    """What the server answered, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    else:
        code, words = error.smtp_code, error.smtp_error
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
    return f"{code} {' '.join(text.split())}".rstrip(". ")
