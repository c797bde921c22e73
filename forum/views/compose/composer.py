"""What the three composers share: a new topic, a reply, a changed post."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import rate_limits
from accounts.models import User
from forum.actions import drafts, references
from forum.actions.drafts import Place
from forum.forms import DraftForm, PostForm
from forum.models import Subforum
from forum.models.draft import place_of


def writers_only(view: Callable) -> Callable:
    """Visitors are sent to sign in; whoever was signed out while writing gets the text back to copy."""

    @wraps(view)
    def answer(request, *args: object, **kwargs: object):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        typed = [text for name in ("title", "source", "reason") if (text := request.POST.get(name, "")).strip()]
        if typed:
            context = {"typed": typed, "next": request.path}
            return render(request, "forum/signed_out.html", context, status=403)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    return answer


def initial_of(user: User, place: Place, **values: object) -> dict:
    """What a form begins with: the draft of this place, if there is one."""
    draft = drafts.find(user, place)
    if draft:
        values |= {"source": draft.source} | ({"title": draft.title} if draft.title else {})
    return values | {"draft": draft}


def composer(place: Place, draft: object = None) -> dict:
    """What the templates need around a form."""
    return {"place": place_of(place), "draft": draft, "preview": None, "nav": "forum"}


def save_draft(request, place: Place) -> HttpResponse:
    """Keep the text as a draft: quietly for the script, with a word for the button."""
    rate_limits.take("draft", request)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse("This text is too long to be kept.", status=400, content_type="text/plain; charset=utf-8")
    typed = form.cleaned_data
    key, is_quiet = typed.pop("idempotency_key"), request.POST["save"] == "quiet"
    if not (is_quiet and drafts.is_posted(request.user, place, source=typed["source"], title=typed["title"], key=key)):
        drafts.save(request.user, place, **typed)
    if is_quiet:
        return HttpResponse(status=204)
    messages.success(request, "Draft saved.", extra_tags=f"kept {place_of(place)}")
    return redirect("forum:drafts")


def preview(request, form: PostForm, context: dict, template: str, subforum: Subforum):
    """The text as it would look: the part alone for the script, else the whole page with the form."""
    rate_limits.take("preview", request)
    if form.is_valid():
        context["preview"], _ = references.render(form.cleaned_data["source"], subforum)
    if request.htmx:
        return render(request, "forum/_preview.html", context | {"is_preview": True})
    return render(request, template, context, status=200 if form.is_valid() else 400)


def tell_posted(request, place: Place, words: str) -> None:
    """Say that it is done, and let the device forget its own copy."""
    tell_done(request, place_of(place), words)


def tell_done(request, place: str, words: str) -> None:
    """The same for what has no draft on the server: `place` is what the form says as its data-draft."""
    messages.success(request, words, extra_tags=f"posted {place}".strip())
