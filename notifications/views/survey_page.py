""" "Did you get through?": the page of the letter's links. A GET files nothing, because mail programs fetch links."""

from collections.abc import Callable
from functools import wraps

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.limits import rate_limits
from crossings.models import Outcome
from crossings.permissions import can_report
from crossings.reports import actions
from crossings.reports.forms import ReportForm
from crossings.wording import colour_of
from forum.actions import posts
from forum.extensions import screeners
from forum.permissions import NotAllowed
from notifications.letters import signed_addresses
from notifications.models import Letter
from notifications.survey import responses
from notifications.survey.questions import ANSWERS, NOT_GONE

SIGN_IN_FIRST = "Words of your own need signing in. Without them, one press sends what you saw."


def for_its_reader_alone(view: Callable) -> Callable:
    """View decorator for secret URLs: no caching, no indexing, no Referer to other sites.

    Not `no-referrer`, with which browsers send forms with `Origin: null`, which Django's CSRF check refuses.
    """

    @wraps(view)
    def answer(request, *args: object, **kwargs: object):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@for_its_reader_alone
@require_http_methods(["GET", "HEAD", "POST"])
def through(request, token: str):
    """The form of a report with a button for each outcome, that of the link first.

    The holder of the letter tells facts without signing in; words of one's own are for the member, signed in.
    """
    if request.method == "POST":
        rate_limits.take("post", request)
    found = signed_addresses.read_through_token(token)
    if found is None:
        return render(request, "notifications/through_over.html", {"nav": ""}, status=404)
    letter, chosen = found
    if filed := responses.filed_report(letter):
        return render(request, "notifications/through_done.html", _context(letter) | {"filed": filed})
    if not can_report(letter.user):
        return render(request, "notifications/through_not_now.html", _context(letter), status=403)
    if request.method != "POST":
        return _ask(request, letter, chosen, _new_form(letter))
    if request.POST.get("outcome") == NOT_GONE:
        responses.did_not_go(letter)
        return redirect(request.path)
    return _file(request, letter, chosen)


def _file(request, letter: Letter, chosen: str):
    """File the report, or show the form with its errors."""
    crossing, _ = letter.asks_of
    form = ReportForm(request.POST, crossing=crossing)
    if not _is_signed_in(request, letter) and request.POST.get("source", "").strip():
        form.add_error("source", SIGN_IN_FIRST)
    if not form.is_valid():
        return _ask(request, letter, chosen, form, status=400)
    typed = form.report()
    if not form.cleaned_data["again"] and (same := actions.same_day_reports(letter.user, crossing, typed)):
        return _ask(request, letter, chosen, form, status=409, same_day=same)
    try:
        responses.file(letter, typed, source=form.story(typed, []))
    except NotAllowed:
        return render(request, "notifications/through_not_now.html", _context(letter), status=403)
    except posts.SentBefore:
        return redirect(request.path)  # the page shows the stored report
    except screeners.Refused as error:
        form.add_error("source", str(error))
        return _ask(request, letter, chosen, form, status=400)
    return redirect(request.path)


def _ask(request, letter: Letter, chosen: str, form: ReportForm, *, status: int = 200, **more: object):
    pressed = request.POST.get("outcome", "")
    first = pressed if pressed in Outcome else chosen
    answers = [
        {"value": value, "label": label, "colour": colour_of(value) if value in Outcome else "unknown"}
        for value, label in ANSWERS
    ]
    # The Enter key submits a form by its first button.
    answers.sort(key=lambda answer: answer["value"] != first)
    context = _context(letter) | {"form": form, "answers": answers, "token_path": request.path} | more
    context["may_tell"] = _is_signed_in(request, letter) or request.POST.get("source", "").strip()
    return render(request, "notifications/through.html", context, status=status)


def _is_signed_in(request, letter: Letter) -> bool:
    return request.user.is_authenticated and request.user.pk == letter.user_id


def _new_form(letter: Letter) -> ReportForm:
    initial = {"crossed_on": letter.travel_on, "direction": letter.direction}
    return ReportForm(crossing=letter.asks_of[0], initial=initial)


def _context(letter: Letter) -> dict:
    return {"crossing": letter.crossing, "letter": letter, "nav": ""}
