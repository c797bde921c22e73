"""The container's health check, without Django because it runs often: exits with 1 when unhealthy.

python -m config.health.container web       the web server answers that it is ready
python -m config.health.container worker    a worker holds its lock in the database
"""

import os
import sys
import urllib.request

import psycopg

from config.worker.lock import IS_HELD, LOCK

PATIENCE = 3  # seconds


def web() -> bool:
    port = os.environ.get("BIND", "0.0.0.0:8000").rpartition(":")[2]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=PATIENCE) as answer:
        return answer.status == 200


def worker() -> bool:
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=PATIENCE) as connection:
        found = connection.execute(IS_HELD, [LOCK]).fetchone()
    return found is not None and found[0]


def main(part: str) -> str | int:
    try:
        return 0 if {"web": web, "worker": worker}[part]() else "No worker is at work."
    except (OSError, psycopg.Error) as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
