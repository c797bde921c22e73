"""Work that follows a change. Each may be done twice."""

from django.db.models import Q
from django.tasks import task

from forum.actions import references
from forum.models import Post

AT_ONCE = 20  # posts that are put right before the answer goes out; the worker does the rest


@task()
def render_referrers(post_id: int, at_most: int | None = None) -> None:
    """Bring posts that quote a post up to date, after it was hidden or shown again."""
    references.render_all_anew(Post.objects.filter(references__post=post_id), at_most)


@task()
def render_moved(topic_id: int, at_most: int | None = None) -> None:
    """Bring posts that quote from a topic, or quote in it, up to date, after it was moved or its posts were."""
    moved = Q(references__post__topic=topic_id) | Q(topic=topic_id, references__post__isnull=False)
    references.render_all_anew(Post.objects.filter(moved), at_most)


@task()
def render_naming(user_id: int, at_most: int | None = None) -> None:
    """Bring posts that mention or quote a member up to date, after the member got another name."""
    named = Q(references__user=user_id) | Q(references__post__author=user_id)
    references.render_all_anew(Post.objects.filter(named), at_most)


@task()
def render_quoting_subforum(subforum_id: int, at_most: int | None = None) -> None:
    """Bring posts that quote from a subforum up to date, after others may read it."""
    references.render_all_anew(Post.objects.filter(references__post__topic__subforum=subforum_id), at_most)
