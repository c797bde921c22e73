"""Letters: whom they come from, who takes them, how those that come back are reported."""

from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.settings.site import DEMO

DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM = environment.sender("MAIL_FROM", "Borderpost <borderpost@localhost>")
# Seconds from news to its letter at once: what is read on the page before needs none.
LETTER_DELAY = environment.number("LETTER_DELAY", 60)
# The mailbox to which letters come back, whose reports manage.py read_bounces reads.
BOUNCE_ADDRESS = environment.address("BOUNCE_ADDRESS")
# "name:password" by which a mail service proves itself; without it there are no addresses for its reports.
ANYMAIL = {"WEBHOOK_SECRET": environment.credentials("MAIL_WEBHOOK_SECRET")}
# The name under which DKIM's public key stands in the domain of MAIL_FROM; for doctor alone.
DKIM_SELECTOR = environment.pattern(
    "DKIM_SELECTOR", "", r"[-\w]+(\.[-\w]+)*", "the name before ._domainkey, such as mail"
)
SMTP_HOST = environment.host("SMTP_HOST").strip("[]")  # brackets of IPv6 are for URLs alone
SMTP_PORT = environment.number("SMTP_PORT", 587, least=1, most=65_535)
SMTP_USER, SMTP_PASSWORD = environment.text("SMTP_USER"), environment.text("SMTP_PASSWORD")
if not (SMTP_USER + SMTP_PASSWORD).isascii():
    raise ImproperlyConfigured(
        "SMTP_USER or SMTP_PASSWORD has a sign that mail servers do not take. Set both in ASCII (docs/settings.md)."
    )
if bool(SMTP_USER) != bool(SMTP_PASSWORD):
    raise ImproperlyConfigured("SMTP_USER and SMTP_PASSWORD go together. Set both, or none (docs/settings.md).")
SMTP_TLS = environment.flag("SMTP_TLS", True)
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": SMTP_HOST,
            "port": SMTP_PORT,
            "username": SMTP_USER,
            "password": SMTP_PASSWORD,
            "use_tls": SMTP_TLS,
            "timeout": 10,
        },
    }
    if SMTP_HOST
    else {
        "BACKEND": "notifications.demo_mailbox.EmailBackend"
        if DEMO
        else "django.core.mail.backends.console.EmailBackend"
    }
}
