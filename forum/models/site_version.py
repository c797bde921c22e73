from django.db import models
from django.db.models import Subquery

from pagecache import versions


class SiteVersion(models.Model):
    """A single row. Triggers (migration 0008) raise its version with every change that shows on pages of many topics:
    usernames, badges, sections, subforums, rules."""

    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)


versions.all_depend_on(lambda: Subquery(SiteVersion.objects.values("version")[:1]))
