#!/bin/sh
# Tasks and the chores of the night. Told to stop, it finishes the task, letter or chore in hand.
set -eu
exec python manage.py worker
