"""Where mutants are made, and by which tests they should be found."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = {
    "actions": ["*/actions.py", "*/actions/*.py", "*/*/actions.py"],
    "counters": ["forum/counters/*.py"],
    "permissions": ["*/permissions.py"],
    "status": ["crossings/status/*.py"],
    "markup": ["forum/markup/*.py"],
    "pagecache": ["pagecache/*.py", "config/page_cache.py"],
    "letters": ["notifications/letters/*.py"],
}
APPS = ("pagecache", "accounts", "forum", "crossings", "moderation", "notifications", "config")
# Not those that drive browsers and start servers: their processes would not know the mutant.
TESTS = [
    "pagecache",
    "accounts",
    "forum",
    "crossings",
    "moderation",
    "notifications",
    "matrix",
    "config/test_page_cache.py",
]


def files_of(*only: str) -> list[str]:
    """The files to make mutants of, or those of them whose path begins with one of these."""
    found = {
        path.relative_to(ROOT).as_posix()
        for patterns in ROOMS.values()
        for pattern in patterns
        for path in ROOT.glob(pattern)
    }
    return sorted(file for file in found if file.startswith(only or "") and file.split("/")[0] in APPS)
