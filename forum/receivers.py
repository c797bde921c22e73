from django.dispatch import receiver

from accounts.models import User
from accounts.signals import member_renamed
from forum import tasks
from pagecache.tasks import soon


@receiver(member_renamed)
def name_them_anew(user: User, **kwargs: object) -> None:
    """Render posts that mention or quote the member again, with the new username."""
    soon(tasks.render_naming, user.pk, tasks.AT_ONCE)
