"""Listing and discarding drafts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render

from forum import markup
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
    draft = Draft.objects.filter(pk=draft_id, user=request.user).select_related("topic", "subforum", "post").first()
    if draft:
        draft.delete()
    messages.success(request, "Draft discarded.", extra_tags=f"discarded {draft.place}" if draft else "")
    return redirect("forum:drafts")
