"""allauth's pages of the second step, of apps and of new recovery codes, with what our templates need.

What is changed and the letter that tells of it are one transaction.
"""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.generic.base import ContextMixin
from django.views.generic.edit import FormView

from accounts.signin import new_codes
from accounts.signin.qr_code import qr_code
from accounts.signup import account_mail


class _SecondStep(AuthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict:
        """Without a question for the device: that is asked when the button is pressed."""
        ways = Authenticator.objects.filter(user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN)
        context = ContextMixin.get_context_data(self, **kwargs)
        return context | {"form": self.auth_form, "webauthn_form": self.webauthn_form, "has_passkeys": ways.exists()}


class _SetUpApp(ActivateTOTPView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        account_mail.ask(account_mail.APP_ADDED, user=self.request.user)
        if self.did_generate_recovery_codes:
            new_codes.note_made(self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict:
        context = FormView.get_context_data(self, **kwargs)
        secret = context["form"].secret
        drawing = qr_code(get_adapter().build_totp_url(self.request.user, secret))
        parts = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return context | {"drawing": drawing, "key_parts": parts}


class _RemoveApp(DeactivateTOTPView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        return super().form_valid(form)


class _NewCodes(GenerateRecoveryCodesView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        account_mail.ask(account_mail.CODES_RENEWED, user=self.request.user)
        new_codes.note_made(self.request)
        return response


second_step = _SecondStep.as_view()
set_up_app = never_cache(_SetUpApp.as_view())
remove_app = never_cache(_RemoveApp.as_view())
make_new_codes = never_cache(_NewCodes.as_view())
