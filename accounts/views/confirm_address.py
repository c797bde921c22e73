"""The page of the link that confirms an e-mail address. Opening it changes nothing; its button confirms.

A new member is signed in by it: in any browser, once, and only before they have ever been signed in, so that the link
is never a second way into an account that has a password of its own, a second step, or a session.
"""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import perform_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.limits import rate_limits
from accounts.models import User
from accounts.signup import confirmation_links
from accounts.write_first import kept_texts


@never_cache
def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, confirmation_links.address_of(key), key)
    rate_limits.take("confirm", request)
    with transaction.atomic():
        address = confirmation_links.address_of(key, EmailAddress.objects.select_for_update(of=("self",)))
        is_new = address is not None and address.user.email_confirmed_at is None
        if address is None or EmailConfirmationHMAC(address).confirm(request) is None:
            return _page(request, address, key, status=404)
    return _go_on(request, address.user, is_new=is_new)


def _go_on(request: HttpRequest, user: User, *, is_new: bool) -> HttpResponse:
    """To what they wrote before they had an account, if anything, as a new member; else to the sign-in page."""
    user = User.objects.get(pk=user.pk)
    if request.user.is_authenticated:
        return redirect("account_email" if request.user == user else "forum:index")
    if not is_new or user.last_login is not None or not user.is_active:
        return redirect("account_login")
    goal = reverse("accounts:kept-texts") if kept_texts.has_any(user) else reverse("forum:index")
    return perform_login(request, user, redirect_url=goal)


def _page(request: HttpRequest, address: EmailAddress | None, key: str, status: int = 200) -> HttpResponse:
    context = {
        "address": address,
        "key": key,
        "may_confirm": address is not None and address.can_set_verified(),
        "signs_in": address is not None and address.user.email_confirmed_at is None,
        "has_text": address is not None and kept_texts.has_any(address.user),
    }
    if request.user.is_authenticated and (address is None or request.user.pk != address.user_id):
        context |= {"other": request.user, "signs_in": False}
    return render(request, "account/email_confirm.html", context, status=status)
