import json
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic.edit import FormView

from accounts.limits import rate_limits
from accounts.signin import challenges, new_codes
from accounts.signin.freshness import require_fresh
from accounts.signin.second_step_adapter import has_passkeys


@never_cache
@require_POST
def passkey_options(request, purpose):
    """The question for the device, as JSON: asked when a button is pressed, so that looking at pages writes nothing."""
    if purpose not in _ASK:
        raise Http404
    rate_limits.take("passkey", request)
    return JsonResponse(challenges.ask(request, _ASK[purpose](request)))


def _of_anybody(request: HttpRequest) -> dict:
    if request.session.is_empty():  # a second step that waits, or a code by letter, keeps its own life
        request.session.set_expiry(challenges.LIFE)
    request.META["HTTP_ACCEPT"] = "application/json"  # to others allauth's view does not tell the question
    return json.loads(LoginWebAuthnView().get(request).content)["request_options"]


def _of_the_second_step(request: HttpRequest) -> dict:
    answer = _SecondStepQuestion.as_view()(request)
    if not isinstance(answer, JsonResponse):
        raise PermissionDenied("Sign in again: it took too long.")
    return json.loads(answer.content)["request_options"]


class _SecondStepQuestion(AuthenticateView):
    """For who has given the password; others are led to the page of signing in."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(self.get_context_data()["js_data"])


def _again(request: HttpRequest) -> dict:
    if not request.user.is_authenticated:
        raise PermissionDenied("Sign in first.")
    return _asked_by(ReauthenticateWebAuthnView(), request)["request_options"]


def _new(request: HttpRequest) -> dict:
    """A passkey of which the device keeps the account's name, so that it also signs in alone."""
    if not request.user.is_authenticated:
        raise PermissionDenied("Sign in first.")
    require_fresh(request)
    options = _asked_by(AddWebAuthnView(), request)["creation_options"]
    options["publicKey"]["authenticatorSelection"] |= {"residentKey": "required", "requireResidentKey": True}
    return options


def _asked_by(view: FormView, request: HttpRequest) -> dict:
    """What a page of allauth, which is not drawn, would give to its script."""
    view.setup(request)
    return view.get_context_data()["js_data"]


_ASK = {"sign-in": _of_anybody, "second-step": _of_the_second_step, "again": _again, "new": _new}


class _SignIn(LoginWebAuthnView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session.set_expiry(None)  # the question had a short life
        return super().form_valid(form)


class _Add(AddWebAuthnView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if self.did_generate_recovery_codes:
            new_codes.note_made(self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict:
        return FormView.get_context_data(self, **kwargs) | {"has_passkeys": has_passkeys()}


class _Remove(RemoveWebAuthnView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        return super().form_valid(form)


class _Again(ReauthenticateWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict:
        return super(ReauthenticateWebAuthnView, self).get_context_data(**kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


sign_in_by_passkey = never_cache(_SignIn.as_view())
add_passkey = never_cache(_Add.as_view())
passkey_again = never_cache(_Again.as_view())
remove_passkey = never_cache(_Remove.as_view())
