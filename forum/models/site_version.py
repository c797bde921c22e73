from django.db import models
from django.db.models import Subquery

from pagecache import versions


class SiteVersion(models.Model):
    """One row. Its number rises, by triggers (migration 0008), with whatever is seen on pages of many topics: names
    of members, badges, sections, subforums, rules."""

    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)


versions.all_depend_on(lambda: Subquery(SiteVersion.objects.values("version")[:1]))
