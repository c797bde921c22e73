from django.db import migrations

# What is in these tables may be lost in a crash, and is written often: it skips the write-ahead log.
# The cache's table is the one that `createcachetable` would make.
CACHE = """
    CREATE UNLOGGED TABLE cache (
        cache_key varchar(255) NOT NULL PRIMARY KEY,
        value text NOT NULL,
        expires timestamp with time zone NOT NULL
    );
    CREATE INDEX cache_expires ON cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users_badges_and_counts")]

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE cache"),
        migrations.RunSQL(
            "ALTER TABLE accounts_ratecount SET UNLOGGED",
            "ALTER TABLE accounts_ratecount SET LOGGED",
        ),
    ]
