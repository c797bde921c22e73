"""Saying that an account is one of a business at the border."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import User
from accounts.text import names
from crossings.reports import trade
from forum.views.staff import administrators_only


@administrators_only
def trade_account(request, username: str):
    """The page asks; its button says which of the two is meant, so that pressing it twice changes nothing."""
    member = get_object_or_404(User, username_skeleton=names.skeleton(username), is_active=True)
    meant = request.POST.get("trade")
    if meant not in {"yes", "no"}:
        return render(request, "crossings/staff/trade_account.html", {"member": member, "nav": "staff"})
    is_trade = meant == "yes"
    trade.mark_trade_account(request.user, member, is_trade=is_trade)
    messages.success(request, "Business account marked." if is_trade else "The mark was taken away.")
    return redirect(member)
