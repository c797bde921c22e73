"""Private data for moderators, where each look is logged; and erasing words of the log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits.rate_limits import address_block
from accounts.logs import security_log
from forum import markup
from forum.models import Post
from forum.permissions import NotAllowed, can_administer
from moderation import post_addresses
from moderation.log import wording
from moderation.log.entries import erase_words as erase_words_of
from moderation.log.visible_titles import forget_unreadable
from moderation.models import ModerationEntry
from moderation.permissions import can_judge_post


@login_required
def post_address(request, post_id: int):
    """The IP address of a post. A GET asks for confirmation; a POST looks, because a look is logged."""
    posts = Post.objects.visible_to(request.user).select_related("topic__subforum", "author")
    post = get_object_or_404(posts, pk=post_id)
    if not can_judge_post(request.user, post):
        raise PermissionDenied
    context = {"post": post, "excerpt": markup.words_of(post.html, 200), "nav": "queue"}
    if request.method == "POST":
        context |= {"has_looked": True, **_found(request, post)}
    return render(request, "moderation/address.html", context)


def _found(request, post: Post) -> dict:
    user = request.user
    try:
        address = post_addresses.look(user, post)
    except NotAllowed as error:
        raise PermissionDenied from error
    if address is None:
        return {"address": None}
    security_log.note("looked-at-address", request, post=post.pk, of=post.author_id)
    others = post_addresses.others_from(user, post, address)
    for other in others:
        other.excerpt = markup.words_of(other.html, 140)
    return {"address": address, "shared": address_block(address), "others": others}


@login_required
def erase_words(request, entry_id: int):
    """Erase the words of an entry. A GET asks for confirmation. Idempotent."""
    if not can_administer(request.user):
        raise PermissionDenied
    entries = ModerationEntry.objects.select_related(
        "by", "member", "topic", "words", "undoes__member", "undoes__topic"
    )
    entry = get_object_or_404(entries, pk=entry_id)
    if request.method == "POST":
        erase_words_of(request.user, entry)
        security_log.note("words-erased", request, entry=entry.pk)
        messages.success(request, "The words of this entry are erased.")
        return redirect("moderation:log")
    forget_unreadable(request.user, [entry])
    entry.did = wording.did(entry)
    return render(request, "moderation/erase_words.html", {"entry": entry, "nav": "queue"})
