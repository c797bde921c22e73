"""Background tasks that follow a change. All are idempotent."""

from django.db.models import Q
from django.tasks import task

from forum.actions import references
from forum.models import Post

AT_ONCE = 20  # posts rendered again before the response; the worker does the rest


@task()
def render_referrers(post_id: int, at_most: int | None = None) -> None:
    """Render posts that quote a post again, after it was hidden or restored."""
    references.render_all_anew(Post.objects.filter(references__post=post_id), at_most)


@task()
def render_moved(topic_id: int, at_most: int | None = None) -> None:
    """Render posts that quote from a topic, or in it, again, after it or its posts were moved."""
    moved = Q(references__post__topic=topic_id) | Q(topic=topic_id, references__post__isnull=False)
    references.render_all_anew(Post.objects.filter(moved), at_most)


@task()
def render_naming(user_id: int, at_most: int | None = None) -> None:
    """Render posts that mention or quote a member again, after the member was renamed."""
    named = Q(references__user=user_id) | Q(references__post__author=user_id)
    references.render_all_anew(Post.objects.filter(named), at_most)


@task()
def render_quoting_subforum(subforum_id: int, at_most: int | None = None) -> None:
    """Render posts that quote from a subforum again, after its access changed."""
    references.render_all_anew(Post.objects.filter(references__post__topic__subforum=subforum_id), at_most)
