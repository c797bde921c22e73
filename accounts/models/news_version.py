from collections.abc import Iterable

from django.conf import settings
from django.db import models

from pagecache.prepared import run


class NewsVersion(models.Model):
    """A number that rises with every change of a member's unread news: their count is cached by it.

    It is a table of its own, because one reply raises the numbers of thousands of members, whose own rows are locked by
    counters of posts and reactions.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Version {self.version} of the news of {self.user_id}"

    @classmethod
    def bump(cls, user_ids: Iterable[int]) -> dict[int, int]:
        """Raise the numbers of some members, and return them. Rows are locked in order of primary key, and these locks
        come last in a transaction."""
        ids = sorted(set(user_ids))
        return dict(run(_BUMP, [ids], writes=cls)) if ids else {}


_BUMP = """
    INSERT INTO accounts_newsversion AS kept (user_id, version)
    SELECT id, 1 FROM unnest(%s::bigint[]) AS id ORDER BY id
    ON CONFLICT (user_id) DO UPDATE SET version = kept.version + 1
    RETURNING user_id, version
"""
