"""Signing in by a code by letter, where SIGN_IN_BY_CODE offers that: allauth's pages."""

from typing import Any

from allauth.account.views import ConfirmLoginCodeView, request_login_code
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse


def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Where codes are not offered there is no such page."""
    if not settings.ACCOUNT_LOGIN_BY_CODE_ENABLED:
        raise Http404
    return request_login_code(request)


class _EnterCode(ConfirmLoginCodeView):
    def get_form_kwargs(self) -> dict[str, Any]:
        """The form wants to know whose code it is; nobody's where the address has no account."""
        kwargs = super().get_form_kwargs()
        return kwargs | {"user": self.stage.login.user} if "code" in kwargs else kwargs


enter_code = _EnterCode.as_view()
