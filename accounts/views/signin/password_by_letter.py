"""A password for an account that has none, since its member signed up by another site: by letter, as the session alone
does not prove who it is."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.limits import rate_limits
from accounts.signup import account_mail, account_of


@login_required
@never_cache
def password_by_letter(request):
    """Who has a password goes on to changing it."""
    if request.user.has_usable_password():
        return redirect("account_change_password")
    if request.method != "POST":
        return render(request, "accounts/password_by_letter.html", {"nav": "settings"})
    rate_limits.take("mail", request)
    rate_limits.count("mail_account", account_of.key_of(request.user.email))
    with transaction.atomic():
        account_mail.ask(account_mail.RESET, user=request.user)
    return redirect("account_reset_password_done")
