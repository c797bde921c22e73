from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0009_no_second_index_of_topics")]
    operations = [migrations.AddField("draft", "based_on", models.PositiveIntegerField(null=True))]
