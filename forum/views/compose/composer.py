"""What the composers of a new topic, a reply and an edit share."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.limits import rate_limits
from accounts.limits.work_limits import working
from accounts.models import User
from forum.actions import drafts, references
from forum.actions.drafts import Place
from forum.forms.post_forms import DraftForm, PostForm
from forum.models import Subforum
from forum.models.draft import place_of


def writers_only(view: Callable) -> Callable:
    """View decorator: login_required, but a POST by someone whose session has ended shows the typed text, to copy."""

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
    """The `initial` of a form: the draft of this place, if there is one, and `values`."""
    draft = drafts.find(user, place)
    if draft:
        values |= {"source": draft.source} | ({"title": draft.title} if draft.title else {})
    return values | {"draft": draft}


def composer(place: Place, draft: object = None) -> dict:
    """Template context of a composer."""
    return {"place": place_of(place), "draft": draft, "preview": None, "nav": "forum"}


def save_draft(request, place: Place) -> HttpResponse:
    """Save a draft: 204 for the script's autosave, a message and a redirect for the button."""
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
    """The rendered text: the fragment alone for htmx, else the whole page with the form."""
    rate_limits.take("preview", request)
    if form.is_valid():
        with working("preview", request):
            context["preview"], _ = references.render(form.cleaned_data["source"], subforum)
    if request.htmx:
        return render(request, "forum/_preview.html", context | {"is_preview": True})
    return render(request, template, context, status=200 if form.is_valid() else 400)


def tell_posted(request, place: Place, words: str) -> None:
    """Add a success message, by which the browser also deletes its local draft."""
    tell_done(request, place_of(place), words)


def tell_done(request, place: str, words: str) -> None:
    """As tell_posted, for forms without a draft on the server: `place` is the form's data-draft."""
    messages.success(request, words, extra_tags=f"posted {place}".strip())
