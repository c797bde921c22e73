"""What the composers of a new topic, a reply and an edit share."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.limits import rate_limits
from accounts.limits.work_limits import working
from accounts.models import User
from accounts.write_first import kept_texts
from forum.actions import drafts, references
from forum.actions.drafts import Place
from forum.forms.post_forms import DraftForm, PostForm
from forum.models import Draft, Post, Subforum
from forum.models.draft import place_of


class SignInFirst(Exception):
    """A visitor cannot write here before they sign in."""


def writers_only(view: Callable) -> Callable:
    """View decorator: login_required, but a POST by someone whose session has ended shows the typed text, to copy."""

    @wraps(view)
    def answer(request, *args: object, **kwargs: object):
        return view(request, *args, **kwargs) if request.user.is_authenticated else _sign_in_first(request)

    return answer


def visitors_write_first(view: Callable) -> Callable:
    """View decorator: visitors may type where the view lets them; elsewhere, and for what is not there, they are
    answered as by writers_only."""

    @wraps(view)
    def answer(request, *args: object, **kwargs: object):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        try:
            return never_cache(view)(request, *args, **kwargs)  # its form has a token
        except (Http404, SignInFirst):
            return _sign_in_first(request)

    return answer


def _sign_in_first(request) -> HttpResponse:
    typed = [text for name in ("title", "source", "reason") if (text := request.POST.get(name, "")).strip()]
    if typed:
        return render(request, "forum/signed_out.html", {"typed": typed, "next": request.path}, status=403)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def keep_for_later(request) -> HttpResponse:
    """Keep what a visitor typed, and lead them to sign in or up. Raises TooMany and Shed, whose pages show the text."""
    cookie = kept_texts.keep(request)
    response = redirect("accounts:kept-texts")
    kept_texts.set_cookie(response, cookie)
    return response


def kept_text(request) -> kept_texts.Kept | None:
    """What the member wrote for this form before they signed in (?kept=), when it is opened or sent."""
    asked = request.POST if request.method == "POST" else request.GET
    return kept_texts.find(request.user, asked["kept"], request.path) if "kept" in asked else None


def data_of(request, kept: kept_texts.Kept | None) -> QueryDict | None:
    """What a form is filled in with: what is sent, else what was kept."""
    return request.POST or (kept.fields if kept else None)


def forgets(kept: kept_texts.Kept | None, user: User) -> list[Callable[[Post], object]]:
    """Callables for `also` of forum.actions.posts: what is posted is kept no longer."""
    return [lambda post: kept_texts.forget(user, kept.pk)] if kept else []


def initial_of(user: User, place: Place, **values: object) -> dict:
    """The `initial` of a form: the draft of this place, if there is one, and `values`."""
    draft = drafts.find(user, place) if user.is_authenticated else None
    if draft:
        values |= {"source": draft.source} | ({"title": draft.title} if draft.title else {})
    return values | {"draft": draft, "draft_version": draft.version if draft else 0}


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
    origin = drafts.Origin(typed.pop("idempotency_key"), typed.pop("draft_version"))
    text, is_quiet = {"source": typed["source"], "title": typed["title"]}, request.POST["save"] == "quiet"
    if is_quiet and drafts.is_posted(request.user, place, key=origin.key, **text):
        return HttpResponse(status=204)
    try:
        draft = drafts.save(request.user, place, **typed, origin=origin)
    except drafts.SavedElsewhere as error:
        return _two_drafts(request, error.draft, typed, is_quiet=is_quiet)
    if is_quiet:
        return HttpResponse(status=204, headers={"Draft-Version": str(draft.version if draft else 0)})
    messages.success(request, "Draft saved.", extra_tags=f"kept {_form_of(request, place)}")
    return redirect("forum:drafts")


def _two_drafts(request, draft: Draft, typed: dict, *, is_quiet: bool) -> HttpResponse:
    """409: another tab saved another text; both are kept and shown. The part alone for the script."""
    context = {"draft": draft, "typed": typed, "place": draft.place, "nav": "drafts"}
    template = "forum/_two_drafts.html" if is_quiet else "forum/two_drafts.html"
    return render(request, template, context, status=409)


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
    """Add a success message, by which the browser also deletes its local draft.

    If the form has a key it is that of the form alone: a text that another tab keeps for the same place stays.
    """
    tell_done(request, _form_of(request, place), words)


def _form_of(request, place: Place) -> str:
    """The name of a place, and the key of the form if it has one: by these the browser finds its local draft."""
    try:
        key = str(UUID(request.POST.get("idempotency_key", "")))
    except ValueError:
        key = ""
    return f"{place_of(place)} {key}".strip()


def tell_done(request, place: str, words: str) -> None:
    """As tell_posted, for forms without a draft on the server: `place` is the form's data-draft."""
    messages.success(request, words, extra_tags=f"posted {place}".strip())
