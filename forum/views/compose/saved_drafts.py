"""Listing and discarding drafts, and the copies that other tabs left beside them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from forum import actions, markup
from forum.models import Draft, Post, Subforum, Topic

DRAFTS_LISTED = 100


@login_required
def drafts(request):
    """The member's drafts. Topic, subforum or post is named only while the member may read it."""
    found = list(request.user.drafts.order_by("-saved_at")[:DRAFTS_LISTED])
    topics = Topic.objects.visible_to(request.user).in_bulk({draft.topic_id for draft in found})
    subforums = Subforum.objects.visible_to(request.user).in_bulk({draft.subforum_id for draft in found})
    posts = Post.objects.visible_to(request.user).select_related("topic").in_bulk({draft.post_id for draft in found})
    rows = [
        {
            "draft": draft,
            "words": (words := markup.excerpt(draft.source, 300)),
            "is_cut": words.endswith("…") or not words,
            "topic": topics.get(draft.topic_id),
            "subforum": subforums.get(draft.subforum_id),
            "post": posts.get(draft.post_id),
        }
        for draft in found
    ]
    return render(request, "forum/drafts.html", {"rows": rows, "nav": "drafts"})


@login_required
def discard_draft(request, draft_id: int):
    """Idempotent. A GET redirects to the list."""
    if request.method != "POST":
        get_object_or_404(Draft, pk=draft_id, user=request.user)
        return redirect("forum:drafts")
    draft = actions.drafts.discard_one(request.user, draft_id)
    words = "Draft discarded."
    if draft and draft.pk:
        words += " The text from your other tab is the draft now."
    messages.success(request, words, extra_tags=f"discarded {draft.place}" if draft else "")
    return redirect("forum:drafts")


@login_required
def draft_copy(request, draft_id: int, key: UUID):
    """Use or discard a text that another tab left beside a draft. Idempotent. A GET redirects to the list."""
    draft = get_object_or_404(Draft.objects.select_related("topic", "subforum", "post"), pk=draft_id, user=request.user)
    if request.method != "POST":
        return redirect("forum:drafts")
    is_used = "use" in request.POST
    actions.drafts.take_copy(request.user, draft, key, use=is_used)
    messages.success(request, "The other text is the draft now." if is_used else "Text discarded.")
    return redirect(_composer_of(draft))


def _composer_of(draft: Draft) -> str:
    if draft.topic:
        return reverse("forum:reply", args=[draft.topic.pk])
    if draft.subforum:
        return reverse("forum:open-topic", args=[draft.subforum.slug])
    return reverse("forum:edit-post", args=[draft.post_id])
