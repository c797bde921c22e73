from django.dispatch import receiver

from accounts.models import ExpertBadge, User
from accounts.signals import member_renamed
from forum import tasks
from forum.experts.tasks import wake_badges
from forum.models import Post, Reaction
from forum.signals import post_published, reacted
from pagecache.prepared import run
from pagecache.tasks import soon


@receiver(member_renamed)
def name_them_anew(user: User, **kwargs: object) -> None:
    """Render posts that mention or quote the member again, with the new username."""
    soon(tasks.render_naming, user.pk, tasks.AT_ONCE)


@receiver(post_published)
def wake_by_answer(post: Post, **kwargs: object) -> None:
    """A reply to somebody else is a use of the badges that speak in its topic."""
    if post.number > 1 and post.author_id != post.topic.author_id and post.author_has_badge is not False:
        wake_by_use(post.author_id, post.topic_id)


@receiver(reacted)
def wake_by_still_true(post: Post, kind: str, by: User, **kwargs: object) -> None:
    if kind == Reaction.Kind.STILL_TRUE:
        wake_by_use(by.pk, post.topic_id)


def wake_by_use(user_id: int, topic_id: int) -> None:
    """Right after the commit, because the lock of a member is none to hold while crossings are locked. Also where all
    badges are awake now: the nightly chore may be putting one to sleep."""
    if run(_HAS_BADGE, [user_id], writes=ExpertBadge):
        soon(wake_badges, [user_id, topic_id])


_HAS_BADGE = "SELECT id FROM accounts_expertbadge WHERE user_id = %s AND withdrawn_at IS NULL LIMIT 1"
