"""Accepting, withdrawing and listing answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import FETCH_RAISE
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from forum import actions
from forum.models import Answer, Post, Topic
from forum.permissions import NotAllowed, can_accept, can_withdraw_answer
from forum.views.old_addresses import leads_on
from forum.views.topic_lists import list_page
from pagecache.versions import keepable

ANSWERS_LISTED = 200


@login_required
def accept_answer(request, post_id: int):
    return _act(request, post_id, can_accept, actions.answers.accept_answer, "Marked as an answer.")


@login_required
def withdraw_answer(request, post_id: int):
    words = "No longer marked as an answer."
    return _act(request, post_id, can_withdraw_answer, actions.answers.withdraw_answer, words)


@leads_on
def answers(request, topic_id: int):
    """All answers of a topic, withdrawn ones included: who accepted and who withdrew them, and when."""
    topic = get_object_or_404(
        Topic.objects.visible_to(request.user).select_related("subforum__section", "author"), pk=topic_id
    )
    posts = Post.objects.visible_to(request.user).readable().filter(topic=topic)
    found = Answer.objects.filter(post__in=posts).select_related("post__author", "accepted_by", "withdrawn_by")
    context = {
        "topic": topic,
        "subforum": topic.subforum,
        "answers": found.order_by("-accepted_at").fetch_mode(FETCH_RAISE)[:ANSWERS_LISTED],
        "nav": "forum",
    }
    return render(request, "forum/answers.html", context)


@keepable("forum")
def answered(request):
    """Questions with an accepted answer or a reply of an expert, by their last post."""
    return list_page(
        request, "forum/answered.html", lambda reader: Topic.objects.visible_to(reader).answered().latest_first()
    )


def _act(request, post_id: int, may, verb, words: str):
    """A POST acts; a GET, as after signing in, redirects to the post."""
    posts = Post.objects.visible_to(request.user).select_related("topic__subforum")
    post = get_object_or_404(posts, pk=post_id)
    if not may(request.user, post):
        raise PermissionDenied
    if request.method == "POST":
        rate_limits.take("react", request)
        try:
            verb(request.user, post)
        except NotAllowed as error:
            raise PermissionDenied from error
        messages.success(request, words)
    return redirect(post)
