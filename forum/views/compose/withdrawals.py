"""Authors withdraw their own posts and topics: a confirmation page, and the act."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from forum.actions import posts
from forum.models import Post, Topic
from forum.permissions import NotAllowed, can_withdraw, can_withdraw_topic


@login_required
def withdraw_post(request, post_id: int):
    post = get_object_or_404(
        Post.objects.visible_to(request.user).select_related("topic__subforum", "author"), pk=post_id
    )
    if not can_withdraw(request.user, post):
        raise PermissionDenied
    if request.method != "POST":
        context = {"thing": "post", "post": post, "topic": post.topic, "nav": "forum"}
        return render(request, "forum/withdraw.html", context)
    _act(posts.withdraw_post, request.user, post)
    messages.success(request, "Post withdrawn.")
    return redirect(post.topic)


@login_required
def withdraw_topic(request, topic_id: int):
    topic = get_object_or_404(
        Topic.objects.visible_to(request.user).select_related("subforum", "opening_post__author"), pk=topic_id
    )
    if not can_withdraw_topic(request.user, topic):
        raise PermissionDenied
    if request.method != "POST":
        context = {"thing": "topic", "post": topic.opening_post, "topic": topic, "nav": "forum"}
        return render(request, "forum/withdraw.html", context)
    _act(posts.withdraw_topic, request.user, topic)
    messages.success(request, "Topic withdrawn.")
    return redirect(topic.subforum)


def _act(verb, *what) -> None:
    try:
        verb(*what)
    except NotAllowed as error:
        raise PermissionDenied from error
