"""The log: for moderators in full, for everybody without names and texts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import FETCH_RAISE
from django.shortcuts import render

from accounts.readers import Reader, reader_of
from forum.models import Subforum, Topic
from forum.pages import wrong_filters
from forum.permissions import can_administer
from moderation.forms.staff import LogForm
from moderation.log import grounds, wording
from moderation.log.visible_titles import forget_unreadable
from moderation.models import ModerationEntry, Verb
from moderation.models.entry import OF_FILTERS, EntryQuerySet
from moderation.permissions import can_moderate_something
from moderation.views.done import may_undo

SHOWN = 50
# Not in the public log: looks are no acts, lost second steps would tell whom to attack, and dismissed flags would
# accuse those who flagged.
NOT_PUBLIC = [
    Verb.REMOVE_SUBFORUM, Verb.LOOK, Verb.DISMISS, Verb.DISMISS_PROFILE, Verb.DECIDE_APPEAL, Verb.REFUSE_BADGE,
    Verb.RESET_SECOND_STEP,
    *OF_FILTERS,
]  # fmt: skip


@login_required
def log(request):
    """All entries of the moderator's subforums, the latest first, with names, reasons and undo buttons."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    typed = LogForm(request.GET, user=request.user)  # shown with what is wrong beside its field
    typed.full_clean()
    form, wrong = wrong_filters.form_without(lambda data: LogForm(data, user=request.user), request.GET)
    entries = ModerationEntry.objects.for_moderator(request.user)
    found, older = _page(request, form.filtered(entries))
    for entry in found:
        entry.may_undo = may_undo(request.user, entry)
    context: dict[str, Any] = {"entries": found, "older": older, "form": typed if wrong else form, "query": form.query}
    context |= {"wrong_filters": wrong, "may_erase": can_administer(request.user), "nav": "queue"}
    return render(request, "moderation/log.html", context)


def public_log(request):
    """The public log: act, rule and day, without names and texts."""
    reader = reader_of(request)
    entries = ModerationEntry.objects.exclude(verb__in=NOT_PUBLIC).exclude(undoes__verb__in=OF_FILTERS)
    readable = Subforum.objects.visible_to(reader).values("pk")
    found, older = _page(request, entries.filter(subforum__in=readable) | entries.filter(subforum=None))
    titles = _titles(reader, found)
    for entry in found:
        entry.shown_topic, entry.rule_said = titles.get(entry.topic_id), grounds.rule(entry)
    return render(request, "moderation/public_log.html", {"entries": found, "older": older, "nav": "log"})


def _page(request, entries: EntryQuerySet) -> tuple[list[ModerationEntry], int | None]:
    """SHOWN entries from the cursor on, and the cursor of the older ones."""
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=before)
    joined = entries.select_related(
        "by", "member", "topic", "subforum", "words", "undoes__member", "undoes__topic", "undone_by"
    )
    found = list(joined.latest_first().fetch_mode(FETCH_RAISE)[: SHOWN + 1])
    forget_unreadable(reader_of(request), found)
    for entry in found:
        entry.did, entry.effect = wording.did(entry), wording.effect(entry)
        entry.rule_said, entry.rule_url = grounds.rule_or_none_given(entry), grounds.rule_url(entry)
        entry.is_standing = wording.is_standing(entry)
    return found[:SHOWN], found[SHOWN - 1].pk if len(found) > SHOWN else None


def _titles(reader: Reader, entries: list[ModerationEntry]) -> dict[int | None, Topic]:
    """Titles of the topics that this reader may read."""
    ids = {entry.topic_id for entry in entries if entry.topic_id}
    return {topic.pk: topic for topic in Topic.objects.visible_to(reader).readable().filter(pk__in=ids)}
