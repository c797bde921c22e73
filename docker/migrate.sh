#!/bin/sh
# Brings the tables up to date, as the role that owns them, and ends.
set -eu
exec python manage.py migrate --no-input
