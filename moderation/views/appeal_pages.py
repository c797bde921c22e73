"""Pages on which members see acts that concern them, and appeal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import FETCH_RAISE
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.limits import rate_limits
from accounts.models import User
from accounts.readers import as_reader
from forum.models import Post
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import appeals, later_acts
from moderation.forms.acts import AppealForm, DecisionForm
from moderation.log import author_notices, grounds, wording
from moderation.log.concerned_members import concerns, entries_concerning, taken_along
from moderation.log.hidden_texts import gives_back
from moderation.log.visible_titles import forget_unreadable
from moderation.models import Appeal, ModerationEntry, Verb
from moderation.permissions import can_appeal, can_decide

SHOWN = 100
# Looks at private data, and dismissed or approved posts, are not shown to the member.
NOT_TOLD = ["look", "dismiss", "decide-appeal"]
# While these acts stand, even the author cannot read the post.
OUT_OF_SIGHT = {Verb.HIDE_POST, Verb.REJECT}


@login_required
def mine(request):
    """Acts that concern the user, with rule and reason, and the outcomes of appeals."""
    taken = taken_along(request.user)
    entries = entries_concerning(request.user, taken).exclude(verb__in=NOT_TOLD)
    joined = entries.select_related(
        "subforum", "topic", "member", "words", "undoes__topic", "undoes__member", "undone_by", "suspension"
    )
    found = list(joined.latest_first().fetch_mode(FETCH_RAISE)[:SHOWN])
    forget_unreadable(request.user, found)
    asked = {appeal.entry_id: appeal for appeal in Appeal.objects.filter(by=request.user, entry__in=found)}
    now = timezone.now()
    for entry in found:
        entry.did, entry.reason_shown = _told(request.user, entry), _reason(request.user, entry)
        entry.rule_said, entry.rule_url = grounds.rule(entry), grounds.rule_url(entry)
        entry.term = wording.term(entry, now)
        if entry.member_id == request.user.pk and grounds.is_unexplained(entry):
            entry.no_reason = grounds.NO_REASON
        entry.asked = asked.get(entry.pk)
        entry.is_standing = wording.is_standing(entry)
        is_out_of_sight = entry.is_standing and entry.verb in OUT_OF_SIGHT
        entry.shown_post = None if is_out_of_sight else entry.post_id or taken.get(entry.pk)
        entry.gives_back = gives_back(entry, request.user)
        entry.may_appeal = entry.is_standing and not entry.asked and can_appeal(request.user, entry)
    part = author_notices.of_restriction(as_reader(request.user)) if request.user.is_suspended else None
    return render(request, "moderation/mine.html", {"entries": found, "part": part, "nav": "mine"})


def _told(user: User, entry: ModerationEntry) -> str:
    return wording.told(entry) if entry.member_id == user.pk else wording.told_of_taking_along(entry)


def _reason(user: User, entry: ModerationEntry) -> str:
    """The reason, which only the entry's member may read."""
    return entry.words.reason if entry.member_id == user.pk else ""


@login_required
def appeal(request, entry_id: int):
    """The form of an appeal, one per act."""
    entries = ModerationEntry.objects.select_related("topic", "member", "words", "undoes__topic")
    entry = get_object_or_404(entries, pk=entry_id)
    if not concerns(entry, request.user):
        raise Http404
    if not can_appeal(request.user, entry):
        raise PermissionDenied
    if Appeal.objects.filter(entry=entry, by=request.user).exists():
        messages.info(request, "You have asked for this already.")
        return redirect("moderation:mine")
    form = AppealForm(request.POST or None)
    if request.method == "POST":
        rate_limits.take("appeal", request)
        if form.is_valid():
            try:
                appeals.appeal(request.user, entry, form.cleaned_data["words"])
            except NotAllowed as error:
                raise PermissionDenied from error
            except CannotBeDone as error:
                messages.info(request, str(error))
                return redirect("moderation:mine")
            messages.success(request, "Asked. Another moderator will look at it.")
            return redirect("moderation:mine")
    forget_unreadable(request.user, [entry])
    entry.did, entry.reason_shown = _told(request.user, entry), _reason(request.user, entry)
    shown = {"entry": entry, "rule_said": grounds.rule(entry), "form": form}
    return render(request, "moderation/appeal.html", shown, status=400 if request.method == "POST" else 200)


@login_required
def decide(request, appeal_id: int):
    """The act, the appeal, and two buttons to decide."""
    asked = get_object_or_404(
        Appeal.objects.select_related(
            "item",
            "by",
            "entry__by",
            "entry__member",
            "entry__topic",
            "entry__words",
            "entry__undoes__topic",
            "entry__undoes__member",
        ),
        pk=appeal_id,
    )
    if not can_decide(request.user, asked):
        raise PermissionDenied
    form, was_changed = DecisionForm(request.POST or None), False
    if request.method == "POST" and form.is_valid():
        is_granted, is_set_right = bool({"grant", "set-right"} & request.POST.keys()), "set-right" in request.POST
        answer = form.cleaned_data["answer"]
        try:
            appeals.decide(request.user, asked, is_granted=is_granted, answer=answer, is_set_right=is_set_right)
        except NotAllowed as error:
            raise PermissionDenied from error
        except CannotBeDone as error:
            was_changed = is_granted
            form.add_error(None, str(error))
        else:
            messages.success(request, "Decided, and told to whoever asked.")
            return redirect("moderation:queue")
    shown = {"appeal": asked, "rule_said": grounds.rule(asked.entry), "form": form, "was_changed": was_changed}
    shown |= {"post": _post_shown(request.user, asked.entry), "done_since": _done_since(request.user, asked.entry)}
    forget_unreadable(request.user, [asked.entry])
    shown["did"] = wording.did(asked.entry)
    status = 400 if request.method == "POST" else 200
    return render(request, "moderation/decide_appeal.html", shown | {"nav": "queue"}, status=status)


def _post_shown(user: User, entry: ModerationEntry) -> Post | None:
    """The post of an act, if the moderator may read where it stands now."""
    return Post.objects.visible_to(user).filter(pk=entry.post_id or 0).first()


def _done_since(user: User, entry: ModerationEntry) -> list[ModerationEntry]:
    """Later acts on the same thing, the latest first, as far as the moderator reads the log."""
    found = later_acts.done_since(entry).for_moderator(user)
    joined = found.select_related("by", "member", "topic", "words", "undoes__topic", "undoes__member")
    entries = list(joined.latest_first()[:SHOWN])
    forget_unreadable(user, entries)
    for entry in entries:
        entry.did = wording.did(entry)
    return entries
