"""The queue: its list, the page of one item, and acts by keyboard shortcuts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.readers import Reader, as_reader
from forum.extensions import screeners
from forum.models import Topic
from forum.pages import wrong_filters
from forum.permissions import CannotBeDone, NotAllowed
from moderation import actions
from moderation.actions import claims
from moderation.forms.acts import WhyForm
from moderation.forms.staff import NoteForm
from moderation.log import grounds, wording
from moderation.log.entries import NoSuchRule
from moderation.log.visible_titles import forget_unreadable
from moderation.models import ModerationEntry, QueueItem, Verb
from moderation.models.queue_item import QueueItemQuerySet
from moderation.permissions import can_moderate_something, can_undo
from moderation.queue import author_context, buttons, listing
from moderation.queue.buttons import Asked
from moderation.reasons.offered_reasons import presets_for
from moderation.rules import rules_for
from moderation.views.done import address, done_of, may_undo
from pagecache.prepared import MARK
from pagecache.prepared_models import instances

TABS = {
    "": "All",
    QueueItem.Kind.FLAG: "Flags",
    QueueItem.Kind.HOLD: "Holds",
    QueueItem.Kind.APPEAL: "Appeals",
    QueueItem.Kind.DUPLICATE: "Possible duplicates",
    QueueItem.Kind.OUTDATED: "Outdated",
    QueueItem.Kind.PROFILE: "Profiles",
}
LOG_SHOWN = 6
ORDERS = {"age": "Oldest first", "risk": "Riskiest first"}


@login_required
def queue(request):
    """The first SHOWN open items of this moderator; without pagination, because the next follow when these are done."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    kind, no_kind = wrong_filters.choice(request.GET, "kind", QueueItem.Kind.values)
    order, no_order = wrong_filters.choice(request.GET, "order", ORDERS, otherwise="age")
    counts = listing.counts(request.user)
    items = listing.page(request.user, kind=kind, order=order)
    shown = {
        "items": items,
        "rest": max(counts.get(kind or "all", 0) - len(items), 0),
        "tabs": _tabs(counts),
        "kind": kind,
        "wrong_filters": no_kind + no_order,
        "order": order,
        "orders": ORDERS,
        "median": listing.median_wait(request.user),
        "done": done_of(request),
        "log": _log_of(request.user),
        "nav": "queue",
    }
    return render(request, "moderation/queue.html", shown)


@login_required
def item(request, item_id: int):
    """One item: the whole post, flags, rules, the author's history, similar posts."""
    found = _item(request.user, item_id)
    [row] = listing.shown(request.user, QueueItem.objects.filter(pk=found.pk))
    return _item_page(request, row)


@login_required
def item_context(request, item_id: int):
    """The author's history of an item as a fragment, for the side of the queue."""
    found = _item(request.user, item_id)
    about = author_context.history_of(request.user, found.member, found.post)
    return render(request, "moderation/_context.html", {"about": about, "item": found})


@login_required
@require_POST
def act(request, item_id: int):
    """Perform an act. htmx gets the item as done, with undo; without JavaScript, that is at the top of the page."""
    found = _item(request.user, item_id)
    rules = rules_for(found.subforum)
    form = WhyForm(request.POST, rules=rules, presets=presets_for(found.subforum, rules))
    if not form.is_valid():
        return _refused(request, found, " ".join(str(error) for said in form.errors.values() for error in said), 400)
    name = request.POST.get("act", "")
    if _is_open(found) and form.must_say_why(name):
        return _refused(request, found, "", 400, asks_about=name)
    try:
        asked = Asked(form.why, _other(request), tuple(request.POST.getlist("field")))
        entry = buttons.perform(request.user, found, name, asked)
    except NotAllowed:
        return _refused(request, found, "You may not do this: it is about an equal or a superior, or moved away.", 403)
    except NoSuchRule:
        return _refused(request, found, "The rules have changed meanwhile. Look at them again.", 409)
    except CannotBeDone as error:
        return _refused(request, found, str(error), 409)
    except (screeners.Refused, ValidationError) as error:
        return _refused(request, found, str(error), 400)
    return _done(request, found, entry)


@login_required
@require_POST
def claim(request, item_id: int):
    """Claim or release an item."""
    found = _item(request.user, item_id)
    if "release" in request.POST:
        claims.release(request.user, found)
    elif not claims.claim(request.user, found):
        messages.error(request, "Somebody else looks at this already.")
    return _row(request, found) if request.htmx else redirect("moderation:item", found.pk)


@login_required
@require_POST
def note(request, item_id: int):
    """Add a note to an item."""
    found = _item(request.user, item_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        [row] = listing.shown(request.user, QueueItem.objects.filter(pk=found.pk))
        return _item_page(request, row, form, 400)
    claims.note(request.user, found, form.cleaned_data["text"])
    return redirect("moderation:item", found.pk)


@login_required
@require_POST
def undo(request, entry_id: int):
    """Undo an act. In the queue its item is open again."""
    entry = get_object_or_404(ModerationEntry, pk=entry_id)
    if not can_undo(request.user, entry):
        raise PermissionDenied
    try:
        actions.undo.undo(request.user, entry)
    except NotAllowed as error:
        raise PermissionDenied from error
    except CannotBeDone as error:
        if request.htmx:
            return _done_row(request, entry, str(error), status=409)
        messages.error(request, str(error))
    else:
        if request.htmx:
            found = _waiting_again(request, entry)
            return _row(request, found, is_counted=True) if found else _done_row(request, entry, "Taken back.")
        messages.success(request, "Taken back.")
    back = request.POST.get("next", "")
    return redirect(back if back.startswith("/moderation/") else "moderation:queue")


def _waiting_again(request, entry: ModerationEntry) -> QueueItem | None:
    """The open item after an undo: that of the request, of the entry's post, or of its topic's opening post."""
    items = _items(request.user).open()
    asked = request.POST.get("item", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 19 and (found := items.filter(pk=asked).first()):
        return found
    if entry.verb in {Verb.CLEAR_PROFILE, Verb.DISMISS_PROFILE}:
        return items.filter(member=entry.member_id, is_profile=True).first()
    of_topic = items.filter(post__topic=entry.topic_id or 0, post__number=1)
    return items.filter(post=entry.post_id or 0).first() or of_topic.first()


def _items(user: User) -> QueueItemQuerySet:
    items = QueueItem.objects.for_moderator(user).exclude(member=user)
    return items.select_related("post__topic__subforum", "post__author", "member", "subforum")


def _item(user: User, item_id: int) -> QueueItem:
    """An item that this moderator may handle, else Http404."""
    if not can_moderate_something(user):
        raise PermissionDenied
    return get_object_or_404(_items(user), pk=item_id)


def _other(request) -> Topic | None:
    """The older topic of a duplicate, if the moderator may read it."""
    asked = request.POST.get("other", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return None
    return Topic.objects.visible_to(request.user).filter(pk=asked).first()


def _item_page(request, row: listing.QueueRow, form: NoteForm | None = None, status: int = 200):
    about = author_context.history_of(request.user, row.item.member, row.post)
    shown = {"row": row, "about": about, "form": form or NoteForm(), "nav": "queue", "done": done_of(request)}
    return render(request, "moderation/item.html", shown, status=status)


def _done(request, found: QueueItem, entry: ModerationEntry | None):
    if entry is None:
        text = "That was done already."
        if request.htmx:
            return _row(request, found, is_counted=True) if _is_open(found) else _settled_row(request, found, text)
        messages.info(request, text)
        return redirect("moderation:queue")
    if request.htmx:
        forget_unreadable(request.user, [entry])
        return _done_row(request, entry, wording.summary([entry]), found)
    return redirect(address(reverse("moderation:queue"), [entry]))


def _done_row(request, entry: ModerationEntry, text: str, item: QueueItem | None = None, status: int = 200):
    shown = {"entry": entry, "text": text, "item": item, **_counted(request)}
    shown["may_undo"] = may_undo(request.user, entry)
    if item is not None:
        shown["settled"] = _settled_with(request.user, entry, item)
    return render(request, "moderation/_done.html", shown, status=status)


def _settled_row(request, item: QueueItem, text: str):
    """The row of an item that another moderator or another act has settled."""
    shown = {"item": item, "text": text, **_counted(request)}
    return render(request, "moderation/_done.html", shown)


def _is_open(item: QueueItem) -> bool:
    return QueueItem.objects.open().filter(pk=item.pk).exists()


def _settled_with(user: User, entry: ModerationEntry, item: QueueItem) -> list[int]:
    """Other items of the same member that a clean-up settled; none for other acts."""
    settled = QueueItem.objects.filter(member=item.member_id, closed_by=user, closed_at__gte=item.opened_at)
    if entry.verb != Verb.CLEAN_SPAM:
        return []
    return list(settled.exclude(pk=item.pk).order_by("-closed_at").values_list("pk", flat=True)[: listing.SHOWN])


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """The tabs, with their numbers of open items."""
    return [(kind, label, counts.get(kind or "all", 0)) for kind, label in TABS.items()]


def _counted(request) -> dict:
    """Context of the numbers that an answer to htmx brings along; the page of one item has no tabs."""
    is_alone = (request.htmx.current_url_abs_path or "").startswith("/moderation/queue/")
    return {"tabs": _tabs(listing.counts(request.user)), "is_alone": is_alone}


def _refused(request, found: QueueItem, words: str, status: int, asks_about: str = ""):
    """The current item, with errors, or the question why, and what was typed."""
    [row] = listing.shown(request.user, QueueItem.objects.filter(pk=found.pk))
    shown = {"row": row, "error": words, "typed": request.POST, "asks_about": asks_about}
    shown["ticked"] = request.POST.getlist("field")
    shown["asked"] = asks_about or request.POST.get("asked_about", "")
    if request.htmx:
        return render(request, "moderation/_item.html", shown, status=status)
    about = author_context.history_of(request.user, row.item.member, row.post)
    return render(
        request, "moderation/item.html", shown | {"about": about, "form": NoteForm(), "nav": "queue"}, status=status
    )


def _row(request, found: QueueItem, *, is_counted: bool = False):
    [row] = listing.shown(request.user, QueueItem.objects.filter(pk=found.pk))
    shown = {"row": row, **(_counted(request) if is_counted else {})}
    return render(request, "moderation/_row.html", shown)


def _latest(reader: Reader) -> QuerySet[ModerationEntry]:
    entries = ModerationEntry.objects.for_moderator(reader).exclude(verb="look").latest_first()
    return entries.select_related("by", "member", "topic", "words", "undoes__member", "undoes__topic")[:LOG_SHOWN]


def _log_of(user: User) -> list[ModerationEntry]:
    """The latest entries of the moderator's subforums."""
    reader = as_reader(user)
    if not reader.can_write:
        return []
    shared = Reader(MARK, reader.is_staff, reader.moderates_ids, can_write=True)
    found = instances(("log beside the queue", shared), lambda: _latest(shared), reader.pk)
    forget_unreadable(user, found)
    for entry in found:
        entry.did, entry.rule_said = wording.did(entry), grounds.rule_or_none_given(entry)
    return found
