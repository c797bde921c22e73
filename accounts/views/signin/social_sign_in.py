"""Signing in, signing up and connecting by an account of another site (accounts/social/)."""

from collections.abc import Callable
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.signals import social_account_removed
from allauth.socialaccount.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from accounts.limits import rate_limits
from accounts.signin.freshness import fresh_posts_only
from accounts.social import connected, social_adapter
from accounts.social.openid import OpenIDClient, OpenIDProvider


@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The button leads to the other site. By a page of ours, because browsers follow no form to another site here
    (Content-Security-Policy); a GET only shows the button."""
    provider = _provider(request, provider_id)
    if request.method != "POST":
        return render(request, "socialaccount/login.html", {"provider": provider})
    rate_limits.take("sign_in", request)
    if key := request.POST.get("invitation", "")[:200]:
        request.session[social_adapter.INVITATION] = key
    answer = _answered(request, provider, lambda: provider.redirect_from_request(request))
    if answer.status_code != 302:
        return answer
    return render(request, "socialaccount/on_the_way.html", {"provider": provider, "url": answer["Location"]})


@never_cache
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From the other site, with a code that is exchanged there for who it is."""
    provider = _provider(request, provider_id)
    rate_limits.take("sign_in", request)
    view = OAuth2CallbackView.adapter_view(OpenIDClient(request, provider_id))
    return _answered(request, provider, lambda: view(request))


class _SignUp(SignupView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer = super().form_valid(form)
        except ImmediateHttpResponse as refused:
            return refused.response
        except IntegrityError:  # somebody signed up with it at the same time, in another tab
            return redirect("socialaccount_login_error")
        self.request.session.pop(social_adapter.INVITATION, None)
        return answer


sign_up = never_cache(_SignUp.as_view())


@never_cache
@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/login_cancelled.html")


@never_cache
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", status=401)


@login_required
@require_POST
@fresh_posts_only
def disconnect(request: HttpRequest, account_id: int) -> HttpResponse:
    """A number that is nobody's or somebody else's changes nothing. Idempotent."""
    try:
        account = connected.disconnect(request.user, account_id)  # type: ignore[arg-type]
    except connected.LastWayIn:
        messages.error(request, social_adapter.SocialAdapter.error_messages["disconnect_last"])
        return redirect("accounts:signing-in")
    if account is not None:
        social_account_removed.send(SocialAccount, request=request, socialaccount=account)
    messages.success(request, "That account opens this one no longer.")
    return redirect("accounts:signing-in")


def _provider(request: HttpRequest, provider_id: str) -> OpenIDProvider:
    try:
        return social_adapter.SocialAdapter(request).get_provider(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


def _answered(request: HttpRequest, provider: OpenIDProvider, ask: Callable[[], HttpResponse]) -> HttpResponse:
    """What the other site led to; a page in plain words where it does not answer, or not as it should."""
    try:
        return ask()
    except (OAuth2Error, RequestException, IntegrityError) as error:
        social_adapter.note_failure(request, provider.sub_id, error)
        context = {"provider": provider, "is_away": isinstance(error, RequestException)}
        return render(request, "socialaccount/authentication_error.html", context, status=503)
