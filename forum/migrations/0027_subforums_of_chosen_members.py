import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_groups_of_chosen_members"), ("forum", "0026_drafts_have_versions_and_copies")]
    operations = [
        migrations.AddField(
            model_name="subforum",
            name="group",
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="subforums", to="accounts.membergroup"),
        ),
        migrations.AlterField(
            model_name="subforum",
            name="access",
            field=models.CharField(choices=[("open", "Open: all read, members post"), ("members", "Members: members read and post"), ("announcements", "Announcements: all read, staff post"), ("staff", "Staff: its moderators only"), ("chosen", "Chosen members: a group and its moderators read and post")], default="open", max_length=13),
        ),
        migrations.AddConstraint(
            model_name="subforum",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("access", "chosen"), ("group__isnull", False)), models.Q(models.Q(("access", "chosen"), _negated=True), ("group", None)), _connector="OR"), name="a_subforum_of_chosen_members_names_its_group"),
        ),
    ]
