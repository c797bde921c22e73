"""The form of a POST that failed: what was typed is shown, and can be sent again without a script."""

from dataclasses import dataclass, field

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware, get_token

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)
# Never shown or sent again: passwords and codes.
SECRET_FIELDS = {"password", "password1", "password2", "oldpassword", "code", "recovery_code"}
# Sent again, but not typed by anybody: the keys by which a repeated form is known, places, and buttons.
SILENT_FIELDS = {
    "idempotency_key", "seen", "based_on", "until", "next", "act", "then", "verb", "rules_seen", "rule_offered",
    "asked_about", "kept",
}  # fmt: skip
# Raised where the form of a POST is first parsed here.
NOT_READABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, OSError)
LABELS = {"source": "Text", "title": "Title", "reason": "Reason"}
LONG = 80  # characters from which a text gets a field of several lines


@dataclass(frozen=True)
class Field:
    """One value of a form that failed."""

    name: str
    text: str

    @property
    def label(self) -> str:
        return LABELS.get(self.name) or self.name.replace("_", " ").replace("-", " ").capitalize()

    @property
    def is_typed(self) -> bool:
        """Whether it is worth showing; choices such as "on" and numbers are only sent again."""
        return self.name not in SILENT_FIELDS and bool(self.text.strip()) and not self._is_choice

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG or "\n" in self.text

    @property
    def _is_choice(self) -> bool:
        return self.text in {"on", "true", "false"} or self.text.isdecimal()


@dataclass(frozen=True)
class UnsentForm:
    """What a failed POST held. `token` is a CSRF token if it may be sent again to `action`, else empty: then the texts
    are shown to copy."""

    fields: list[Field] = field(default_factory=list)
    action: str = ""
    token: str = ""

    @property
    def typed(self) -> list[Field]:
        return [value for value in self.fields if value.is_typed]

    def __bool__(self) -> bool:
        return bool(self.typed or self.token)


def unsent_form(request: HttpRequest, *, may_be_sent_again: bool = True) -> UnsentForm:
    """The form of this POST; empty for other methods, and where the body cannot be read.

    It may be sent again only if it came from a page of ours (the CSRF check passed), so that nobody is led to press a
    button for what another site typed, and if it held no password, which would have to be typed again.
    """
    if request.method != "POST":
        return UnsentForm()
    try:
        posted = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except NOT_READABLE:
        return UnsentForm()
    fields = [Field(name, text) for name, text in posted if name not in SECRET_FIELDS | {TOKEN}]
    is_whole = SECRET_FIELDS.isdisjoint(request.POST) and not request.FILES
    if not (may_be_sent_again and is_whole and _comes_from_a_page_of_ours(request)):
        return UnsentForm(fields)
    return UnsentForm(fields, action=request.get_full_path(), token=get_token(request))


class CsrfCheck(CsrfViewMiddleware):
    """Django's check, which gives the reason of a refusal instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _comes_from_a_page_of_ours(request: HttpRequest) -> bool:
    """Whether the CSRF check passed. What fails in a middleware fails before Django has made it: it is made here."""
    if getattr(request, "csrf_processing_done", False):
        return True
    check = CsrfCheck(lambda request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, _a_view, (), {}) is None


def _a_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
