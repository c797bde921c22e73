from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

# unaccent() itself is not immutable; inside a configuration it may be used in stored columns and indexes.
MAKE = """
CREATE TEXT SEARCH CONFIGURATION bp (COPY = english);
ALTER TEXT SEARCH CONFIGURATION bp
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_subforums_topics_posts")]
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        CreateExtension("intarray"),
        migrations.RunSQL(MAKE, "DROP TEXT SEARCH CONFIGURATION bp;"),
    ]
