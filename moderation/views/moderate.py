"""Acting on a topic and its posts from one page: one form, with a button for each act."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import FETCH_RAISE, Q
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from crossings.similar import ranking
from forum import markup
from forum.actions.edits import EditedMeanwhile
from forum.extensions import screeners
from forum.models import Post, Subforum, Topic
from forum.models.topic import MOST_PINNED_ACROSS
from forum.permissions import CannotBeDone, NotAllowed, can_edit, can_moderate, can_pin_across
from moderation import consequences
from moderation.actions import for_each, member_acts, post_acts, topic_acts
from moderation.forms.acts import EditForm, TopicActForm
from moderation.log import grounds, wording
from moderation.log.entries import NoSuchRule, Why
from moderation.log.visible_titles import forget_unreadable
from moderation.models import ModerationEntry
from moderation.permissions import can_judge_post, can_judge_topic, can_keep_topic
from moderation.queue.listing import bring_power
from moderation.rules import CHANGED
from moderation.views.done import address, done_of, may_undo

POSTS_LISTED = 50
SIMILAR = 5


@login_required
def topic(request, topic_id: int):
    """The page of acts on a topic and its posts."""
    found = _topic(request.user, topic_id)
    form, status = TopicActForm(request.POST or None, user=request.user, topic=found), 200
    if request.method == "POST":
        name, status = request.POST.get("act", ""), 400
        if form.is_valid() and name in ACTS:
            try:
                if answer := _do(request, found, form, name):
                    return answer
            except NotAllowed as error:
                status = _not_allowed(form, error)
        elif form.is_valid():
            form.add_error(None, "Choose one of the acts.")
    return _page(request, found, form, status)


def _not_allowed(form: Form, error: NotAllowed) -> int:
    """Add a form error for a missing permission; returns the status of the response."""
    form.add_error(None, str(error) or NOT_YOURS)
    return 403


NOT_YOURS = "You may not do this: it needs a subforum that you do not moderate, or is about an equal or a superior."


def _do(request, found: Topic, form: TopicActForm, name: str):
    """Perform the act and return the redirect; None to show the form again with its errors. Raises NotAllowed."""
    try:
        if name in ON_TICKED:
            form.wanted_posts()  # what is missing comes before why
        if form.must_say_why(name):
            return None
        entries = [entry for entry in ACTS[name](request.user, found, form) if entry]
    except NoSuchRule:
        form.add_error("rule", CHANGED)
    except CannotBeDone as error:
        form.add_error(None, str(error))
    except (screeners.Refused, ValidationError) as error:
        form.add_error(None, error if isinstance(error, ValidationError) else str(error))
    else:
        target = entries[0].words.after.get("topic") if entries else None
        return _and_back(request, reverse("moderation:topic", args=[target or found.pk]), entries)
    return None


def _and_back(request, path: str, entries: Sequence[ModerationEntry]):
    """Redirect to the page on which the acts are told, with their undo."""
    if not entries:
        messages.success(request, "That was done already.")
        return redirect(path)
    return redirect(address(path, entries))


def _page(request, found: Topic, form: TopicActForm, status: int):
    user = request.user
    page, listed, has_more = _posts(request, found)
    opening = listed[0].source if listed and listed[0].is_opening_post else ""
    shown = {
        "topic": found,
        "duplicate_of": Topic.objects.visible_to(user).filter(pk=found.duplicate_of_id or 0).first(),
        "form": form,
        "posts": listed,
        "judged": {post.pk for post in listed if can_judge_post(user, post)},
        "ticked": set(request.POST.getlist("posts")) | {request.GET.get("post", "")},
        "page": page,
        "has_more": has_more,
        "steps": consequences.steps_of_points(),
        "replies": consequences.replies_with(found),
        "similar": ranking.like_topic(found, opening, user=user, limit=SIMILAR),
        "may_pin_across": can_pin_across(user),
        "most_pinned_across": MOST_PINNED_ACROSS,
        "may_judge": can_judge_topic(user, found),
        "entries": _entries(user, found),
        "done": done_of(request),
        "nav": "queue",
    }
    return render(request, "moderation/topic.html", shown, status=status)


def _topic(user: User, topic_id: int) -> Topic:
    joined = Topic.objects.visible_to(user).select_related("subforum__section", "author")
    found = get_object_or_404(joined, pk=topic_id)
    if not can_keep_topic(user, found):
        raise PermissionDenied
    return found


def _posts(request, found: Topic) -> tuple[int, list[Post], bool]:
    """POSTS_LISTED posts, by a range of numbers."""
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 7 and int(asked) else 1
    first = (page - 1) * POSTS_LISTED + 1
    rows = found.posts.filter(number__range=(first, first + POSTS_LISTED - 1)).select_related("author")
    listed = list(rows.order_by("number").fetch_mode(FETCH_RAISE))
    bring_power([post.author for post in listed])
    for post in listed:
        post.topic, post.excerpt = found, markup.words_of(post.html, 160)
    return page, listed, found.last_number > page * POSTS_LISTED


def _entries(user: User, found: Topic) -> list[ModerationEntry]:
    """Latest entries of the topic, and of those merged into it, with undo buttons."""
    of_topic = ModerationEntry.objects.filter(Q(topic=found) | Q(topic__merged_into=found.pk))
    entries = of_topic.select_related("by", "member", "topic", "words", "undoes__member", "undoes__topic", "undone_by")
    rows = list(entries.latest_first()[:30])
    forget_unreadable(user, rows)
    for entry in rows:
        entry.did, entry.rule_said = wording.did(entry), grounds.rule_or_none_given(entry)
        entry.may_undo = may_undo(user, entry)
    return rows


Entries = Sequence[ModerationEntry | None]


def _whole(act: Callable[..., ModerationEntry | None], *names: str) -> Callable[[User, Topic, Any], Entries]:
    """Wraps an act on the topic, with these fields of the form."""

    def do(user: User, found: Topic, form: TopicActForm) -> Entries:
        return [act(user, found, *(form.wanted(name) for name in names), form.why)]

    return do


def _ticked(act: Callable[..., ModerationEntry | None]) -> Callable[[User, Topic, Any], Entries]:
    """Wraps an act on every ticked post: all of them or none."""
    return lambda user, found, form: for_each(act, user, form.wanted_posts(), form.why)


def _split(user: User, found: Topic, form: TopicActForm) -> Entries:
    title, subforum = form.wanted("split_title"), form.cleaned_data["split_subforum"]
    return [topic_acts.split(user, form.wanted_posts(), form.why, title=title, subforum=subforum)]


def _move_posts(user: User, found: Topic, form: TopicActForm) -> Entries:
    return [topic_acts.move_posts(user, form.wanted_posts(), form.wanted("other"), form.why)]


def _warn(user: User, post: Post, why: Why, points: int) -> ModerationEntry | None:
    return member_acts.warn(user, post.author, why, points=points, post=post)


def _warn_each(user: User, found: Topic, form: TopicActForm) -> Entries:
    return for_each(_warn, user, form.wanted_posts(), form.why, form.cleaned_data["points"])


def _timed(act: Callable[..., ModerationEntry | None]) -> Callable[[User, Topic, Any], Entries]:
    """Wraps an act that may end by itself."""
    return lambda user, found, form: [act(user, found, form.why, form.until)]


ACTS: dict[str, Callable[[User, Topic, Any], Entries]] = {
    "lock": _timed(topic_acts.lock),
    "unlock": _whole(topic_acts.unlock),
    "pin": _timed(topic_acts.pin),
    "unpin": _whole(topic_acts.unpin),
    "pin-across": _timed(topic_acts.pin_across),
    "unpin-across": _whole(topic_acts.unpin_across),
    "hide": _whole(topic_acts.hide),
    "restore": _whole(topic_acts.restore),
    "move": _whole(topic_acts.move, "subforum"),
    "merge": _whole(topic_acts.merge, "other"),
    "duplicate": _whole(topic_acts.mark_duplicate, "other"),
    "unduplicate": _whole(topic_acts.unmark_duplicate),
    "retitle": _whole(topic_acts.retitle, "new_title"),
    "hide-posts": _ticked(post_acts.hide),
    "restore-posts": _ticked(post_acts.restore),
    "approve-posts": _ticked(post_acts.approve),
    "split": _split,
    "move-posts": _move_posts,
    "warn": _warn_each,
}


# Those of them that ask why, and need ticked posts.
ON_TICKED = {"hide-posts", "warn"}

# --- Many topics of a subforum at once ---

BULK: dict[str, Callable[..., ModerationEntry | None]] = {
    "lock": topic_acts.lock,
    "unlock": topic_acts.unlock,
    "pin": topic_acts.pin,
    "unpin": topic_acts.unpin,
    "hide": topic_acts.hide,
    "restore": topic_acts.restore,
}
TIMED = {"lock", "pin"}


@login_required
def subforum(request, slug: str):
    """The latest topics of a subforum, with checkboxes for bulk acts."""
    found = get_object_or_404(Subforum.objects.visible_to(request.user), slug=slug)
    if not can_moderate(request.user, found):
        raise PermissionDenied
    form, status = TopicActForm(request.POST or None, user=request.user, subforum=found), 200
    if request.method == "POST":
        status = 400
        try:
            if form.is_valid() and (entries := _do_bulk(request, found, form)) is not None:
                return _and_back(request, reverse("moderation:subforum", args=[found.slug]), entries)
        except NotAllowed as error:
            status = _not_allowed(form, error)
    listed = Topic.objects.visible_to(request.user).filter(subforum=found).latest_first().select_related("author")
    shown = {
        "subforum": found,
        "form": form,
        "topics": list(listed.fetch_mode(FETCH_RAISE)[:POSTS_LISTED]),
        "ticked": set(request.POST.getlist("topics")),
        "done": done_of(request),
        "nav": "queue",
    }
    return render(request, "moderation/subforum.html", shown, status=status)


def _do_bulk(request, found: Subforum, form: TopicActForm) -> list[ModerationEntry] | None:
    """The entries; None to show the form again with its errors. Raises NotAllowed."""
    name = request.POST.get("act", "")
    chosen = [pk for pk in request.POST.getlist("topics") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    things = list(Topic.objects.visible_to(request.user).filter(subforum=found, pk__in=chosen[:POSTS_LISTED]))
    if not things or name not in {*BULK, "move"}:
        form.add_error(None, "Tick at least one topic, and choose an act.")
        return None
    if form.must_say_why(name):
        return None
    try:
        if name == "move":
            return for_each(topic_acts.move, request.user, things, form.wanted("subforum"), form.why)
        more = [form.until] if name in TIMED else []
        return for_each(BULK[name], request.user, things, form.why, *more)
    except NoSuchRule:
        form.add_error("rule", CHANGED)
    except CannotBeDone as error:
        form.add_error(None, str(error))
    return None


@login_required
def edit_post(request, post_id: int):
    """Edit a post, with rule and reason."""
    joined = Post.objects.visible_to(request.user).select_related("topic__subforum", "author")
    post = get_object_or_404(joined, pk=post_id)
    # A post hidden since the form was opened is refused below, with the text that was typed.
    if not can_judge_post(request.user, post) or not (request.method == "POST" or can_edit(request.user, post)):
        raise PermissionDenied
    initial = {"source": post.source, "based_on": post.edits_count}
    form = EditForm(request.POST or None, initial=initial, user=request.user, topic=post.topic)
    status = 400 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            entry = post_acts.edit(request.user, post, form.why, source=typed["source"], based_on=typed["based_on"])
        except NotAllowed:
            form.add_error(None, "It was hidden or moved meanwhile, so it was not changed. Your text is still here.")
            status = 403
        except EditedMeanwhile as error:
            # With the new version the moderator may save over it.
            typed = request.POST.copy()
            typed["based_on"] = str(error.post.edits_count)
            form.data = typed
            form.add_error("source", f"It was changed meanwhile, and says now: {error.post.source}")
        except NoSuchRule:
            form.add_error("rule", CHANGED)
        except (screeners.Refused, ValidationError) as error:
            form.add_error("source", error if isinstance(error, ValidationError) else str(error))
        else:
            return _and_back_to_post(request, post, entry)
    shown = {"post": post, "topic": post.topic, "form": form, "nav": "queue"}
    return render(request, "moderation/edit_post.html", shown, status=status)


def _and_back_to_post(request, post: Post, entry: ModerationEntry | None):
    """Redirect to the post on the page of acts on its topic."""
    path, page = reverse("moderation:topic", args=[post.topic_id]), (post.number - 1) // POSTS_LISTED + 1
    return _and_back(request, f"{path}?page={page}" if page > 1 else path, [entry] if entry else [])
