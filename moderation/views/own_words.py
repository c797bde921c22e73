"""Texts that a moderator hid or rejected, for their author alone, to read and to copy."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.logs import security_log
from accounts.models import User
from forum.models import Post, Subforum
from moderation.forms.members import OwnWordsForm
from moderation.log import wording
from moderation.log.hidden_texts import gives_back, posts_of
from moderation.log.visible_titles import forget_unreadable
from moderation.models import ModerationEntry

SHOWN = 10


@login_required
@require_safe
def own_words(request, entry_id: int):
    """SHOWN texts a page, oldest first, with the last post of the page before as cursor."""
    entry = _find_entry(request.user, entry_id)
    form = OwnWordsForm(request.GET)
    if not form.is_valid():
        raise Http404
    posts = list(posts_of(entry, request.user).filter(pk__gt=form.cleaned_data["after"] or 0)[: SHOWN + 1])
    if not posts:
        raise Http404
    forget_unreadable(request.user, [entry])
    security_log.note("own-words-given", request, entry=entry.pk)
    context = {
        "did": wording.told(entry),
        "posts": _with_titles(request.user, posts[:SHOWN]),
        "more_after": posts[SHOWN - 1].pk if len(posts) > SHOWN else None,
        "nav": "mine",
    }
    return render(request, "moderation/own_words.html", context)


def _find_entry(user: User, entry_id: int) -> ModerationEntry:
    entries = ModerationEntry.objects.exclude(by=user).select_related("topic", "words", "undoes", "undone_by")
    entry = get_object_or_404(entries, pk=entry_id)
    if not gives_back(entry, user):
        raise Http404
    return entry


def _with_titles(user: User, posts: list[Post]) -> list[dict]:
    """Adds the topic's title, if the author may read its current subforum."""
    places = {post.topic.subforum_id for post in posts}
    readable = set(Subforum.objects.visible_to(user).filter(pk__in=places).values_list("pk", flat=True))
    return [{"post": post, "title": post.topic.title if post.topic.subforum_id in readable else ""} for post in posts]
