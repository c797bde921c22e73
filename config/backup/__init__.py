"""`manage.py backup` and `restore`: database and media in one archive (docs/operating.md)."""
