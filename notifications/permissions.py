"""What a member may watch: pure functions, no query."""

from accounts.models import User
from accounts.readers import ReaderFacts
from notifications.models.watch import Target


def can_watch(user: ReaderFacts, target: Target) -> bool:
    """Members watch what they may read, which `find_target` asks, but not themselves."""
    return not isinstance(target, User) or target.pk != user.pk
