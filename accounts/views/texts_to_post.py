"""What a visitor wrote before signing in: shown on the way to an account, and afterwards with the way to its form."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.signup import doors
from accounts.write_first import kept_texts


@never_cache
def texts_to_post(request: HttpRequest) -> HttpResponse:
    """A visitor's way to sign in or up; for a member the ways to the forms, and the words also where a form has closed
    since, such as of a topic that is locked."""
    rows = [{"kept": text, "url": form_of(text)} for text in kept_texts.of_reader(request)]
    context = {"rows": rows, "here": reverse("accounts:kept-texts"), "may_sign_up": doors.is_open()}
    return render(request, "accounts/kept_texts.html", context)


@require_POST
def throw_away(request: HttpRequest, kept_id: int) -> HttpResponse:
    """Delete one text, by the browser or the member it belongs to; of others nothing happens. Idempotent."""
    kept_texts.throw_away(request, kept_id)
    return redirect("accounts:kept-texts")


def form_of(kept: kept_texts.Kept) -> str:
    """The page of its form, with what was typed."""
    return f"{kept.path}?{urlencode({'kept': kept.pk})}"
