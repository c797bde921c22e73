"""Every hook by which other apps add to the forum; each app registers in its AppConfig.ready()."""
