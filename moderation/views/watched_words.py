"""The list of watched words, with a tester."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import User
from accounts.readers import as_reader
from forum.permissions import CannotBeDone, NotAllowed
from moderation.filters import banned_words
from moderation.filters.banned_words import Watched
from moderation.forms.staff import TesterForm, WordForm
from moderation.models import WatchedWord
from moderation.permissions import can_moderate_something, can_watch_words


@login_required
def words(request):
    """Watched words of the moderator's subforums and of the whole forum."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    is_trial = "try" in request.POST
    is_sent = request.method == "POST" and not is_trial
    form = WordForm(request.POST if is_sent else None, user=request.user)
    tester = TesterForm(request.POST if is_trial else None)
    if is_sent and form.is_valid() and _watch(request, form):
        return redirect("moderation:words")
    listed = list(_watched_for(request.user))
    context = {"form": form, "tester": tester, "words": _with_rights(request.user, listed), "nav": "queue"}
    if is_trial and tester.is_valid():
        context |= {"is_tried": True, "found": _found(tester.cleaned_data["text"], listed)}
    return render(request, "moderation/words.html", context, status=400 if form.errors or tester.errors else 200)


@login_required
def forget_word(request, word_id: int):
    """Remove a watched word. A GET redirects to the list."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    word = get_object_or_404(_watched_for(request.user), pk=word_id)
    if not can_watch_words(request.user, word.subforum):
        raise PermissionDenied
    if request.method == "POST":
        banned_words.forget(request.user, word)
        messages.success(request, "The word is watched no longer.")
    return redirect("moderation:words")


def _watch(request, form: WordForm) -> bool:
    try:
        banned_words.watch(request.user, **form.cleaned_data)
    except CannotBeDone as problem:
        form.add_error("pattern", str(problem))
        return False
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(request, "The word is watched from now on.")
    return True


def _watched_for(user: User):
    reader, watched = as_reader(user), WatchedWord.objects.select_related("subforum", "by")
    if reader.is_staff:
        return watched
    return watched.filter(Q(subforum=None) | Q(subforum__in=reader.moderates_ids))


def _with_rights(user: User, listed: list[WatchedWord]) -> list[dict]:
    return [{"word": word, "may_forget": can_watch_words(user, word.subforum)} for word in listed]


def _found(text: str, listed: list[WatchedWord]) -> list[WatchedWord]:
    watched = [Watched(str(place), word.folded, word.act) for place, word in enumerate(listed)]
    return [listed[int(found.pattern)] for found in banned_words.matching(text, watched)]
