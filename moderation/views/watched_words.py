"""The list of watched words: add one or many, try them first, change and forget them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.limits.work_limits import working
from accounts.models import User
from accounts.readers import as_reader
from forum import markup
from forum.models import Subforum
from forum.permissions import CannotBeDone, NotAllowed
from moderation.filters import banned_words, ordinary_words, word_trial
from moderation.filters.banned_words import Watched
from moderation.filters.pasted import Pasted, Refusal
from moderation.forms.word_forms import ChangeWordForm, TesterForm, WordForm, WordListForm
from moderation.models import WatchedWord
from moderation.permissions import can_moderate_something, can_watch_words
from moderation.views import done


@login_required
def words(request):
    """Watched words of the moderator's subforums and of the whole forum."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    form, tester, pasted = _forms(request)
    context: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        context, answer = _watch(request, form)
        if answer:
            return answer
    if pasted.is_bound and pasted.is_valid():
        context["pasted"] = _paste(request, pasted)
        pasted = _left_of(request, pasted, context["pasted"])
    listed = list(_watched_for(request.user))
    if tester.is_bound and tester.is_valid():
        context |= {"is_tried": True, "found": _found(tester.cleaned_data["text"], listed)}
    context |= {
        "form": form, "tester": tester, "list_form": pasted, "words": _with_rights(request.user, listed),
        "done": done.done_of(request), "nav": "queue",
    }  # fmt: skip
    is_refused = form.errors or tester.errors or pasted.errors
    status = 400 if is_refused else 409 if context.get("doubts") and "trial" not in request.POST else 200
    return render(request, "moderation/words.html", context, status=status)


@login_required
def change_word(request, word_id: int):
    """Change a watched word where it stands."""
    word = _word_to_change(request, word_id)
    initial = {"pattern": word.pattern, "act": word.act, "note": word.note, "based_on": word.version}
    form = ChangeWordForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"form": form, "word": word, "nav": "queue"}
    status = 200
    if form.is_bound:
        is_valid = form.is_valid()
        asked = _ask_first(request, form, word.subforum) if is_valid else {}
        if is_valid and not asked and not form.errors:
            answer, status = _change(request, word, form)
            if answer:
                return answer
        context |= asked
        if status == 200:
            status = 400 if form.errors else 409 if "trial" not in request.POST else 200
    return render(request, "moderation/change_word.html", context, status=status)


@login_required
def forget_word(request, word_id: int):
    """Remove a watched word. A GET redirects to the list."""
    word = _word_to_change(request, word_id)
    if request.method != "POST":
        return redirect("moderation:words")
    path = reverse("moderation:words")
    entry = banned_words.forget(request.user, word)
    return redirect(done.address(path, [entry]) if entry else path)


def _forms(request) -> tuple[WordForm, TesterForm, WordListForm]:
    """The three forms of the page, of which at most one was sent."""
    sent = request.POST if request.method == "POST" else None
    is_trial, is_list = sent is not None and "try" in sent, sent is not None and "paste" in sent
    return (
        WordForm(None if is_trial or is_list else sent, user=request.user),
        TesterForm(sent if is_trial else None),
        WordListForm(sent if is_list else None, user=request.user),
    )


def _watch(request, form: WordForm):
    """Watch a word; or the context of what it would have found, where that was asked or the word is ordinary."""
    if asked := _ask_first(request, form, form.cleaned_data["subforum"]):
        return asked, None
    if form.errors:
        return {}, None
    try:
        banned_words.watch(request.user, **form.cleaned_data)
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(request, "The word is watched from now on.")
    return {}, redirect("moderation:words")


def _ask_first(request, form: WordForm | ChangeWordForm, subforum: Subforum | None) -> dict[str, Any]:
    """Context of a trial, if one was asked for, or if the word is ordinary and nobody has said yet that it is meant."""
    try:
        folded = banned_words.require_pattern(form.cleaned_data["pattern"])
    except CannotBeDone as problem:
        form.add_error("pattern", str(problem))
        return {}
    with working("search", request):
        trial = word_trial.trial_of(folded, word_trial.latest_posts(subforum))
        doubts = ordinary_words.doubts(folded, trial, ordinary_words.known_names())
    if "trial" not in request.POST and (not doubts or request.POST.get("sure") == folded):
        return {}
    word_trial.with_examples(request.user, trial)
    for post in trial.examples:
        post.excerpt = markup.words_of(post.html, 140)
    is_flag = form.cleaned_data["act"] == WatchedWord.Act.FLAG
    return {"trial": trial, "doubts": doubts, "sure": folded, "is_flag": is_flag}


def _change(request, word: WatchedWord, form: ChangeWordForm):
    """The redirect after a change; or None and the status of the form, which says how the word stands now."""
    try:
        banned_words.change(request.user, word, **form.cleaned_data)
    except NotAllowed as error:
        raise PermissionDenied from error
    except CannotBeDone as problem:
        form.add_error("pattern", str(problem))
        return None, 400
    except banned_words.ChangedByAnother as conflict:
        now = conflict.word
        form.add_error(
            None,
            f"{now.by.username} changed this word since you opened the form: “{now.pattern}”, "
            f"{now.get_act_display().lower()}. Send it again to change that.",
        )
        data = request.POST.copy()
        data["based_on"] = now.version
        form.data = data
        return None, 409
    messages.success(request, "The word is changed.")
    return redirect("moderation:words"), 302


def _paste(request, form: WordListForm) -> Pasted:
    """Add the words of a list; ordinary ones only where the form says so."""
    values = form.cleaned_data
    lines, doubted = values["lines"], []
    if not values["with_ordinary"]:
        with working("search", request):
            doubted = _doubted(lines, values["subforum"])
    held_back = {refusal.line for refusal in doubted}
    try:
        result = banned_words.watch_all(
            request.user, [line for line in lines if line not in held_back],
            act=values["act"], subforum=values["subforum"], note=values["note"],
        )  # fmt: skip
    except NotAllowed as error:
        raise PermissionDenied from error
    result.doubted = doubted
    return result


def _doubted(lines: list[str], subforum: Subforum | None) -> list[Refusal]:
    posts, names, found = word_trial.latest_posts(subforum), ordinary_words.known_names(), []
    for line in lines:
        folded = banned_words.fold_pattern(line)
        doubts = ordinary_words.doubts(folded, word_trial.trial_of(folded, posts), names) if folded else []
        if doubts:
            found.append(Refusal(line, " ".join(doubts)))
    return found


def _left_of(request, form: WordListForm, result: Pasted) -> WordListForm:
    """The form with the lines that were not added, to be mended."""
    kept = {name: form.data.get(name, "") for name in ("act", "subforum", "note")}
    return WordListForm(initial=kept | {"lines": result.left}, user=request.user)


def _word_to_change(request, word_id: int) -> WatchedWord:
    if not can_moderate_something(request.user):
        raise PermissionDenied
    word = get_object_or_404(_watched_for(request.user), pk=word_id)
    if not can_watch_words(request.user, word.subforum):
        raise PermissionDenied
    return word


def _watched_for(user: User):
    reader, watched = as_reader(user), WatchedWord.objects.select_related("subforum", "by")
    if reader.is_staff:
        return watched
    return watched.filter(Q(subforum=None) | Q(subforum__in=reader.moderates_ids))


def _with_rights(user: User, listed: list[WatchedWord]) -> list[dict]:
    return [{"word": word, "may_change": can_watch_words(user, word.subforum)} for word in listed]


def _found(text: str, listed: list[WatchedWord]) -> list[WatchedWord]:
    watched = [Watched(str(place), word.folded, word.act) for place, word in enumerate(listed)]
    return [listed[int(found.pattern)] for found in banned_words.matching(text, watched)]
