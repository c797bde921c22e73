"""Health checks: URLs for monitors, the container's own check, and `manage.py doctor`."""
