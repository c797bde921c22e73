from django.db import migrations

# Both are unlogged: after a crash they are empty, which costs nothing, and until then writing them is cheap.
MAKE = """
CREATE UNLOGGED TABLE cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
CREATE UNLOGGED TABLE accounts_rate (
    scope varchar(20) NOT NULL,
    who varchar(80) NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    uses integer NOT NULL,
    PRIMARY KEY (scope, who, ends_at)
);
CREATE INDEX accounts_rate_ends_at ON accounts_rate (ends_at);
"""
DROP = "DROP TABLE accounts_rate; DROP TABLE cache;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users_and_badges")]
    operations = [migrations.RunSQL(MAKE, DROP)]
