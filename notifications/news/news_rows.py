"""What templates and letters show of notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Step(NamedTuple):
    """A link to something that the member can do."""

    label: str
    url: str


class Told(NamedTuple):
    """The composed text of a notification, or of several that are shown as one."""

    subject: str
    words: str
    url: str
    steps: Sequence[Step] = ()


@dataclass(frozen=True)
class NewsRow:
    """A row of the page of news."""

    # The notification that opening the row marks as read, with the older ones of the row.
    opens: int
    told: Told
    made_at: datetime
    is_unread: bool
    icon: str
    # The colour of a change of status.
    colour: str = ""
    is_act: bool = False
