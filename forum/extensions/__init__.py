"""Hooks by which other apps extend the forum; each app registers its own in AppConfig.ready()."""
