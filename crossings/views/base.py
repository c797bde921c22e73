"""What the editors' pages share: who is asked to sign in, what is looked for, how a form is answered."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.models import User
from crossings.editorial.actions import ChangedMeanwhile
from crossings.models import Crossing
from forum import diff
from forum.permissions import NotAllowed

FORM = "crossings/staff/form.html"
# Nothing that somebody typed.
_OURS = {"csrfmiddlewaretoken", "based_on", "preview"}


def editors_only(view: Callable) -> Callable:
    """Visitors are sent to sign in; a member who was signed out while typing gets the text back to copy."""

    @wraps(view)
    def answer(request, *args: object, **kwargs: object):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        typed = [text for name, text in request.POST.items() if name not in _OURS and str(text).strip()]
        if typed:
            return render(request, "forum/signed_out.html", {"typed": typed, "next": request.path}, status=403)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    return answer


def find_crossing(user: User, slug: str, may: Callable[[User, Crossing], bool]) -> Crossing:
    crossing = get_object_or_404(Crossing.objects.with_countries(), slug=slug)
    if not may(user, crossing):
        raise PermissionDenied
    return crossing


def typed_in(request):
    """What a form was sent with, if it was."""
    return request.POST if request.method == "POST" else None


def answer_form(
    request, form: BaseForm, save: Callable[[], Crossing | str], context: dict, *, template: str = FORM, done: str
) -> HttpResponse:
    """The page of a form; what was sent is saved, or given back with what is wrong, or with what others wrote.

    `save` gives the crossing or the address to go on to.
    """
    context = {"form": form, "nav": "crossings", **context}
    if request.method != "POST":
        return render(request, template, context)
    rate_limits.take("edit", request)
    if not form.is_valid():
        return render(request, template, context, status=400)
    try:
        saved = save()
    except ChangedMeanwhile as error:
        return _conflict(request, form, error, context, template)
    except NotAllowed as error:
        raise PermissionDenied from error
    except ValidationError as error:
        form.add_error(None, error)
        return render(request, template, context, status=400)
    messages.success(request, done)
    return redirect(saved)


def begin_anew(form: BaseForm, marker: object) -> None:
    """What was typed, as a change of what stands now."""
    data = cast(QueryDict, form.data).copy()
    data["based_on"] = str(marker)
    form.data = data


def _conflict(request, form: BaseForm, error: ChangedMeanwhile, context: dict, template: str) -> HttpResponse:
    """Somebody else was faster: both texts are shown, and the second may be saved over the first."""
    begin_anew(form, error.marker)
    changes = [(what, diff.compare(before, after)) for what, before, after in error.lines]
    return render(request, template, context | {"stored": error.said, "changes": changes}, status=409)
