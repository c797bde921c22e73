"""The menu in which a member chooses how much to hear about one thing."""

from typing import NamedTuple

from django.urls import reverse

from notifications.models import Watch

Level = Watch.Level
STOP = "stop"
_NEWS = {
    "topic": "News of every reply and report",
    "subforum": "News of every new topic",
    "country": "News of every new topic about its crossings",
    "crossing": "News of every report, notice and change of status, and new topics",
    "member": "News of their new topics and reports",
}


class LevelChoice(NamedTuple):
    """One button of the menu."""

    value: str
    label: str
    words: str


class LevelMenu(NamedTuple):
    """The menu for one thing: its kind and key, as in addresses, and the level chosen, or "" for none."""

    kind: str
    key: str
    about: str  # what a screen reader says that it is about
    level: str = ""

    @property
    def id(self) -> str:
        """The id of the menu's elements on a page, by which htmx keeps the focus."""
        return f"watch-{self.kind}-{self.key}"

    @property
    def address(self) -> str:
        return reverse("notifications:choose-level", args=[self.kind, self.key])

    @property
    def label(self) -> str:
        return Level(self.level).label if self.level else "Watch"

    @property
    def choices(self) -> list[LevelChoice]:
        where = "from them" if self.kind == "member" else "from here"
        levels = [
            LevelChoice(Level.WATCHING, Level.WATCHING.label, _NEWS[self.kind]),
            LevelChoice(Level.MENTIONS, Level.MENTIONS.label, "When somebody quotes me or writes @my name"),
            LevelChoice(Level.MUTED, Level.MUTED.label, f"Nothing {where}, not even mentions"),
        ]
        return (
            [*levels, LevelChoice(STOP, "Stop watching", "Quotes and mentions still reach you, as from everywhere")]
            if self.level
            else levels
        )
