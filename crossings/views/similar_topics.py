"""Suggestions while a topic is being written, what came of them, and what a moderator says of similar topics."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from accounts.limits import rate_limits
from accounts.limits.work_limits import working
from accounts.models import User
from accounts.readers import reader_of
from crossings.models import Matter, TermState
from crossings.permissions import can_judge_similar, can_use_suggestions
from crossings.similar import feedback, stored, suggestions
from forum.forms.post_forms import TITLE_LENGTH
from forum.markup import MAX_SOURCE_LENGTH
from forum.models import Topic
from forum.pages.queries import find_subforum
from forum.permissions import CannotBeDone, can_administer, can_open_topic

PERIODS = (7, 30, 365)
TOPICS_SHOWN = 20


@require_POST
@login_required
def suggest(request, slug: str):
    """Suggestions for a title, for the member who is writing a topic here."""
    subforum, _ = find_subforum(reader_of(request), slug)
    if not can_open_topic(request.user, subforum):
        raise PermissionDenied
    rate_limits.take("suggest", request)
    title = request.POST.get("title", "")[:TITLE_LENGTH]
    source = request.POST.get("source", "")[:MAX_SOURCE_LENGTH]
    with working("suggest", request):
        panel = suggestions.panel_of(request.user, title, source)
    # Without the context of whole pages: for a member that is several queries.
    return HttpResponse(render_to_string("crossings/_suggested.html", {"panel": panel}))


@require_POST
@login_required
def suggestion(request, topic_id: int):
    """A member left the composer for a topic that was suggested there."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user), pk=topic_id)
    if not can_use_suggestions(request.user):
        raise PermissionDenied
    rate_limits.take("suggest", request)
    suggestions.count_saved(request.user, topic, was_answer="answer" in request.POST)
    feedback.keep_followed(request.POST.get("title", "")[:TITLE_LENGTH], topic)
    return HttpResponse(status=204)


@login_required
def similar(request, topic_id: int):
    """What stands under a topic as similar, and what a moderator said is not."""
    topic = _judged(request.user, topic_id)
    readable = Topic.objects.visible_to(request.user).readable()
    context = {
        "topic": topic,
        "subforum": topic.subforum,
        "listed": readable.filter(similar_to__topic=topic).order_by("similar_to__rank"),
        "unrelated": readable.filter(pk__in=stored.unrelated_to(topic)).order_by("-last_post_at", "-pk"),
        "nav": "forum",
    }
    return render(request, "crossings/similar.html", context)


@require_POST
@login_required
def mark_unrelated(request, topic_id: int, other_id: int):
    return _judge(request, topic_id, other_id, feedback.mark_unrelated)


@require_POST
@login_required
def unmark_unrelated(request, topic_id: int, other_id: int):
    return _judge(request, topic_id, other_id, feedback.unmark_unrelated)


def _judge(request, topic_id: int, other_id: int, act: Callable[[User, Topic, Topic], None]):
    topic = _judged(request.user, topic_id)
    other = get_object_or_404(Topic.objects.visible_to(request.user), pk=other_id)
    try:
        act(request.user, topic, other)
    except CannotBeDone as error:
        messages.error(request, str(error))
    return redirect("crossings:similar", topic.pk)


def _judged(user: User, topic_id: int) -> Topic:
    topic = get_object_or_404(Topic.objects.visible_to(user).select_related("subforum__section"), pk=topic_id)
    if not can_judge_similar(user, topic):
        raise PermissionDenied
    return topic


@login_required
def similarity_figures(request):
    """Duplicates saved, for staff."""
    if not can_administer(request.user):
        raise PermissionDenied
    left_for = Topic.objects.filter(duplicates_saved__isnull=False).annotate(times=Count("duplicates_saved"))
    context = {
        "periods": [suggestions.saved_since(days) for days in PERIODS],
        "topics": left_for.order_by("-times", "-pk")[:TOPICS_SHOWN],
        "state": TermState.objects.first(),
        "matters": Matter.objects.all(),
        "nav": "staff",
    }
    return render(request, "crossings/similarity_figures.html", context)
