"""The two forums of one BORDERPOST_HOME, the demo and an own one, and which of them `./run` opens.

    home/database          the demo
    home/empty/database    the own forum, which `./run --empty` began without demo data

Nothing else is remembered: where an own forum has been begun it is what `./run` opens, since nobody wants to find the
demo in its place; the demo is opened by `--demo` then, and both are kept.
"""

from pathlib import Path
from typing import NamedTuple


class Site(NamedTuple):
    """A forum of a home: its directory, whether it is the demo, and what to say as it is opened."""

    home: Path
    is_demo: bool
    words: str


def choose(home: Path, *, empty: bool = False, demo: bool = False) -> Site:
    """The forum that is asked for by a flag, else the own one if it has been begun, else the demo."""
    own = own_home(home)
    if empty or (not demo and has_been_begun(own)):
        other = " The demo is kept beside it: ./run --demo opens that." if has_been_begun(home) else ""
        return Site(own, False, f"This is your own forum, in {own}.{other}")
    if has_been_begun(own):
        other = " Your own forum is kept beside it: ./run without --demo opens that."
    else:
        other = " ./run --empty begins a forum of your own beside it."
    return Site(home, True, f"This is the demo, in {home}.{other}")


def asked_for(home: Path, *, empty: bool, demo: bool) -> list[Path]:
    """The directories of the forums that the flags name; without a flag of both."""
    return [place for place, is_left_out in ((home, empty), (own_home(home), demo)) if not is_left_out]


def own_home(home: Path) -> Path:
    return home / "empty"


def has_been_begun(home: Path) -> bool:
    """Whether a database has been made there; the directory may be a link (config/devserver/postgres_place.py)."""
    return (home / "database").exists()
