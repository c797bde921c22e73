#!/usr/bin/env python
"""Borderpost's management commands: `./run manage <command>` finds the database by itself."""

import os
import sys

# These change the schema, analyse the tables or copy all of them, which the application's own role may not.
OWNER_COMMANDS = {
    "migrate", "makemigrations", "sqlmigrate", "sqlflush", "flush", "dbshell", "seed", "test", "backup", "restore",
}  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("DATABASE_ROLE", "owner")
    from django.core.management import execute_from_command_line

    from config.startup import in_words

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        words = None if "--traceback" in sys.argv else in_words(error)
        if words is None:
            raise
        sys.exit(words)


if __name__ == "__main__":
    main()
