"""Lists that staff paste, one entry a line, and what became of each line."""

from dataclasses import dataclass, field
from typing import NamedTuple

from accounts.text.plain_text import visible, with_line_ends
from moderation.models import ModerationEntry

# Of each kind of line on the page.
SHOWN, REASONS_SHOWN = 50, 200


class Refusal(NamedTuple):
    """A line that was not added, and why, in words for the moderator who pasted it."""

    line: str
    why: str


@dataclass
class Pasted:
    """What became of the lines of a list; `entry` is the log entry of what was added."""

    added: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    # Ordinary words, which were not added before somebody has seen the warning.
    doubted: list[Refusal] = field(default_factory=list)
    entry: ModerationEntry | None = None

    @property
    def doubted_count(self) -> int:
        return len(self.doubted)

    @property
    def added_shown(self) -> list[str]:
        return self.added[:SHOWN]

    @property
    def more_added(self) -> int:
        return max(len(self.added) - SHOWN, 0)

    @property
    def there_shown(self) -> list[str]:
        return self.there[:SHOWN]

    @property
    def more_there(self) -> int:
        return max(len(self.there) - SHOWN, 0)

    @property
    def not_added(self) -> list[Refusal]:
        return [*self.refused, *self.doubted][:REASONS_SHOWN]

    @property
    def more_not_added(self) -> int:
        return max(len(self.refused) + len(self.doubted) - REASONS_SHOWN, 0)

    @property
    def left(self) -> str:
        """The lines that were not added, for the form that is shown again."""
        return "\n".join(refusal.line for refusal in [*self.refused, *self.doubted])


def lines_of(text: str) -> list[str]:
    """The lines of a pasted list, each once, without blank ones and without comments (#)."""
    lines = (" ".join(visible(line).split()) for line in with_line_ends(text).split("\n"))
    return list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
