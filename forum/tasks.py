from django.tasks import task

from forum import references
from forum.models import Post


@task()
def render_referrers(post_id: int) -> None:
    """Bring posts that quote a post up to date, after it was hidden or shown again."""
    for referrer in Post.objects.filter(references__post=post_id).select_related("topic__subforum"):
        references.render_anew(referrer)
