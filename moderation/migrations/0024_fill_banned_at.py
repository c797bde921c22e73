from datetime import UTC, datetime

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Now

# The end of a ban until now. It stays beside the new field: processes of the older release know a ban only by it. The
# nightly clock clears it (moderation/actions/restrictions.py).
FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)
AT_ONCE = 500


def fill(apps, schema_editor):
    """In batches, each for itself: the site runs meanwhile."""
    User, Suspension = apps.get_model("accounts", "User"), apps.get_model("moderation", "Suspension")
    bans = Suspension.objects.filter(member=OuterRef("pk"), lifted_at=None, ends_at=None).order_by("-begins_at")
    banned = User.objects.filter(suspended_until__gte=FOR_EVER, banned_at=None)
    while ids := sorted(banned.values_list("pk", flat=True)[:AT_ONCE]):
        User.objects.filter(pk__in=ids).update(banned_at=Coalesce(Subquery(bans.values("begins_at")[:1]), Now()))


def give_ends_back(apps, schema_editor):
    apps.get_model("accounts", "User").objects.exclude(banned_at=None).update(suspended_until=FOR_EVER)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("moderation", "0023_an_act_may_concern_several"), ("accounts", "0005_bans_are_a_state")]
    operations = [migrations.RunPython(fill, give_ends_back)]
