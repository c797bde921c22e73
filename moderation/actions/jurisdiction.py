"""The place of an act on a member: the subforum where it happened. Moderators act on members nowhere else."""

from accounts.models import User
from forum.models import Post, Subforum
from forum.permissions import can_administer


def place_of(user: User, member: User, post: Post | None = None) -> Subforum | None:
    """The post's subforum; without a post that of the moderator's in which the member wrote last, hidden or not.

    None where they wrote nothing, and for administrators without a post: theirs is the whole forum.
    """
    if post is not None:
        return post.topic.subforum
    if can_administer(user):
        return None
    posts = Post.objects.filter(author=member, topic__subforum__in=Subforum.objects.moderated_by(user))
    latest = posts.select_related("topic__subforum").order_by("-written_at", "-pk").first()
    return latest.topic.subforum if latest else None
