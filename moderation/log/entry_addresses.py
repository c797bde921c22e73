"""Where an act is explained to the member concerned."""

from django.urls import reverse

from forum.models import Topic
from moderation.models import ModerationEntry, Verb


def explained_at(entry: ModerationEntry) -> str:
    """URL of the page that tells the member of an act: of what it hid, with the own text, else its row among the
    decisions.

    It is the address of a post, which leads on wherever that is later, also once it can be read again.
    """
    if entry.verb in {Verb.HIDE_POST, Verb.REJECT} and entry.post_id:
        return reverse("forum:post", args=[entry.post_id])
    if entry.verb == Verb.HIDE_TOPIC and (opening := _opening_post(entry)):
        return reverse("forum:post", args=[opening])
    return f"{reverse('moderation:mine')}#e{entry.pk}"


def _opening_post(entry: ModerationEntry) -> int | None:
    """Of a topic of the member; a running topic has none."""
    theirs = Topic.objects.filter(pk=entry.topic_id or 0, author=entry.member_id, is_running=False)
    return theirs.values_list("opening_post", flat=True).first()
