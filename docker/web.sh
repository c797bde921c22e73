#!/bin/sh
# The web server: threads wait for the database and keep their connections to it, processes use the cores.
# Forwarded headers are the business of TRUSTED_PROXIES alone: gunicorn believes none.
# The container's file system is read-only, so it gets no control socket and notes its heartbeat in memory.
set -eu
exec gunicorn config.wsgi --bind "${BIND:-0.0.0.0:8000}" \
    --worker-class gthread --workers "${WEB_PROCESSES:-2}" --threads "${WEB_THREADS:-8}" \
    --forwarded-allow-ips "" --graceful-timeout 15 --worker-tmp-dir /dev/shm --no-control-socket --log-level warning
