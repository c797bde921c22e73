"""Editing a post, and the history of its edits."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.limits.work_limits import costs
from accounts.models import User
from forum import actions, diff
from forum.actions.drafts import Origin
from forum.extensions import screeners
from forum.forms.post_forms import EditForm, OpeningPostForm
from forum.models import Draft, Post, PostRevision
from forum.permissions import NotAllowed, can_edit, can_read_changes, can_read_history, can_restore
from forum.views.compose import composer

EDITS_LISTED = 100


@composer.writers_only
def edit_post(request, post_id: int):
    post = _post(request.user, post_id)
    if not can_edit(request.user, post):
        raise PermissionDenied
    if "save" in request.POST:
        return composer.save_draft(request, post)
    form, draft = _form(request, post)
    context = {"form": form, "post": post, "topic": post.topic, "subforum": post.topic.subforum}
    context |= composer.composer(post, draft)
    if request.method != "POST":
        return render(request, "forum/edit.html", context)
    if "preview" in request.POST:
        return composer.preview(request, form, context, "forum/edit.html", post.topic.subforum)
    rate_limits.take("edit", request)
    if not form.is_valid():
        return render(request, "forum/edit.html", context, status=400)
    return _save(request, post, form, context)


@costs("history")
def history(request, post_id: int, number: int | None = None):
    """All edits of a post, and the diff of the chosen one, else of the latest that the reader may see."""
    if not settings.READERS_SEE_EDITS and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    post = _post(request.user, post_id)
    is_whole = can_read_history(request.user, post)
    if not is_whole and not can_read_changes(post):
        raise PermissionDenied
    edits = post.revisions.select_related("edited_by").order_by("-number")
    shown = edits if is_whole else edits.shown_to_readers(post)
    chosen = shown.filter(number=number).first() if number else shown.first()
    if number and chosen is None:
        raise Http404
    context = {
        "post": post,
        "topic": post.topic,
        "subforum": post.topic.subforum,
        "edits": list(edits.defer("source")[:EDITS_LISTED]),
        "is_whole": is_whole,
        "shown": set(shown.values_list("number", flat=True)) if not is_whole else None,
        "chosen": chosen,
        "changes": _changes(post, chosen) if chosen else [],
        "nav": "forum",
    }
    return render(request, "forum/history.html", context)


@login_required
def restore_revision(request, post_id: int, number: int):
    """Idempotent. A GET, as after signing in, redirects to the history."""
    post = _post(request.user, post_id)
    if not can_restore(request.user, post):
        raise PermissionDenied
    revision = get_object_or_404(PostRevision.objects.select_related("post__topic"), post=post, number=number)
    if request.method != "POST":
        return redirect("forum:history-of-edit", post.pk, number)
    rate_limits.take("edit", request)
    try:
        actions.edits.restore_revision(request.user, revision)
    except NotAllowed as error:
        raise PermissionDenied from error
    except (screeners.Refused, ValidationError) as error:
        words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        messages.error(request, f"Version {number} was not restored. {words}")
        return redirect("forum:history-of-edit", post.pk, number)
    messages.success(request, f"Version {number} restored.")
    return redirect(post)


def _post(user: User, post_id: int) -> Post:
    posts = Post.objects.visible_to(user).select_related("topic__subforum__section", "topic__author", "author")
    return get_object_or_404(posts, pk=post_id)


def _form(request, post: Post) -> tuple[EditForm, Draft | None]:
    form_class = OpeningPostForm if post.is_opening_post else EditForm
    if request.method == "POST":
        return form_class(request.POST), None
    values = {"source": post.source, "title": post.topic.title, "based_on": post.edits_count}
    initial = composer.initial_of(request.user, post, **values)
    draft = initial["draft"]
    if draft and draft.based_on is not None:  # the draft is of the version it began with
        initial["based_on"] = draft.based_on
    return form_class(initial=initial), draft


def _save(request, post: Post, form: EditForm, context: dict):
    typed: dict[str, Any] = {name: form.cleaned_data.get(name) for name in ("source", "title", "reason", "based_on")}
    typed["origin"] = Origin(form.cleaned_data["idempotency_key"], form.cleaned_data["draft_version"])
    if post.topic.is_running:  # its form asks for no title, and a title that is sent all the same is refused
        typed["title"] = request.POST.get("title")
    try:
        actions.edits.edit_post(request.user, post, **typed)
    except actions.edits.EditedMeanwhile as error:
        return _conflict(request, error.post, form, context)
    except NotAllowed as error:
        raise PermissionDenied(*error.args) from error
    except screeners.Refused as error:
        form.add_error("source", str(error))
        return render(request, "forum/edit.html", context, status=400)
    composer.tell_posted(request, post, "Post saved.")
    return redirect(post)


def _conflict(request, post: Post, form: EditForm, context: dict):
    """409: an edit conflict; both texts are shown, and the second may be saved over the first."""
    typed = {name: form.cleaned_data.get(name, "") for name in ("title", "source", "reason", "draft_version")}
    again = type(form)(initial=typed | {"based_on": post.edits_count})
    changes = diff.compare(post.source, typed["source"])
    values = {**context, "stored": post, "form": again, "changes": changes}
    return render(request, "forum/edit_conflict.html", values, status=409)


def _changes(post: Post, edit: PostRevision) -> list[diff.Piece]:
    """The diff of an edit: the next version, or the current text, against the one it replaced."""
    following = post.revisions.filter(number=edit.number + 1).first()
    after, title = (following.source, following.title) if following else (post.source, post.topic.title)
    before = edit.source
    if post.is_opening_post and edit.title != title:
        before, after = f"{edit.title}\n\n{before}", f"{title}\n\n{after}"
    return diff.shortened(diff.compare(before, after))
