"""The way through both posts on a day: when one may come to the first gate, and when one has to be there at the latest.

One leaves within the hours of the first post, needs some time from post to post, waits if the second post has not
opened or has its break, and is through before that shuts. Nobody waits longer than LONGEST_WAIT between the posts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crossings.clock import windows, zones
from crossings.clock.days import ONE_DAY, KnownHours, SideDay, State, side_day, stretch, zone_of_side
from crossings.clock.rules import Way
from crossings.clock.windows import Window

# Over a break of four hours one waits; over a night one does not.
LONGEST_WAIT = timedelta(hours=5)
# How far ahead the next day on which both posts work is looked for.
DAYS_AHEAD = 60


@dataclass(frozen=True)
class Needed:
    """Minutes that each part takes, by those who told it; None where nobody did, which is counted as nothing."""

    exit: int | None = None
    between: int | None = None
    entry: int | None = None

    @property
    def is_whole(self) -> bool:
        return None not in (self.exit, self.between, self.entry)

    @property
    def parts(self) -> tuple[timedelta, timedelta, timedelta]:
        first, middle, last = (timedelta(minutes=part or 0) for part in (self.exit, self.between, self.entry))
        return first, middle, last


@dataclass(frozen=True)
class Steps:
    """What happens to somebody who comes to the first gate at a moment."""

    arrives: datetime
    leaves: datetime  # the first post
    reaches: datetime  # the second post
    begins: datetime  # as the second post works
    through: datetime
    shuts: datetime | None  # the second post, for a break or for the night; None: not known or not before the next day

    @property
    def waits(self) -> int:
        """Minutes before the second post."""
        return round((self.begins - self.reaches).total_seconds() / 60)


@dataclass(frozen=True)
class Passage:
    """A way on a day of the first gate."""

    way: Way
    day: date
    zone: ZoneInfo | None  # of the first gate
    leaving: SideDay
    entering: SideDay
    both: list[Window]  # both posts work
    arrivals: list[Window]  # who comes to the first gate then gets through on this day
    needed: Needed

    @property
    def is_known(self) -> bool:
        """Of both posts."""
        return {self.leaving.state, self.entering.state} <= {State.OPEN, State.CLOSED}

    @property
    def opens(self) -> datetime | None:
        """The first moment at which it is any use to be at the first gate."""
        return self.arrivals[0].start if self.arrivals else None

    @property
    def opens_too_short(self) -> datetime | None:
        """Where both posts work, but not for as long as travellers needed: when the first one opens."""
        if self.arrivals or not self.both:
            return None
        return self.leaving.sure[0].start if self.leaving.sure else self.both[0].start

    @property
    def is_too_old(self) -> bool:
        """Both posts work by what is posted, but not for sure: the hours are old."""
        if self.both or self.zone is None:
            return False
        posted = windows.overlap(self.leaving.agreed, self.entering.agreed)
        return bool(windows.clipped(posted, *zones.bounds(self.day, self.zone)))

    @property
    def by(self) -> datetime | None:
        """The last moment at which one may come to the first gate."""
        return self.arrivals[-1].end if self.arrivals else None


@dataclass(frozen=True)
class NextOpening:
    """The next day on which one gets through, and from when. Without one: whether posts meet by old hours alone."""

    day: date
    opens: datetime | None = None
    is_too_old: bool = False


def passage(hours: KnownHours, way: Way, day: date, needed: Needed, *, spare: int, today: date) -> Passage:
    """The way through on a day of the first gate's clock; `spare` is in minutes, before the second post shuts."""
    first, second = way.sides
    zone = zone_of_side(hours, first) or zone_of_side(hours, second)
    leaving, entering = (side_day(hours, side, way, day, today) for side in (first, second))
    if zone is None:
        return Passage(way, day, None, leaving, entering, [], [], needed)
    start, end = zones.bounds(day, zone)
    # Who comes late on a day may leave, and enter, after its midnight.
    later = end + 2 * ONE_DAY
    out = stretch(hours, first, way, start, later, today) if _is_told(leaving) else None
    into = stretch(hours, second, way, start, later, today) if _is_told(entering) else None
    if out is None and into is None and not (leaving.closes or entering.closes):
        return Passage(way, day, zone, leaving, entering, [], [], needed)
    # Where only one post is known, the other is taken to be no hindrance but by the end that is said of it: the page
    # says so.
    out = _as_told(leaving, start, later) if out is None else out
    into = _as_told(entering, start, later) if into is None else into
    both = windows.clipped(windows.overlap(out, into), start, end)
    arrivals = windows.clipped(_arrivals(out, into, needed, timedelta(minutes=spare)), start, end)
    return Passage(way, day, zone, leaving, entering, both, arrivals, needed)


def steps(found: Passage, hours: KnownHours, arrives: datetime, today: date) -> Steps | None:
    """The day of somebody who comes then, as far as both posts are known. None: not through on this day."""
    exit_takes, between_takes, entry_takes = found.needed.parts
    leaves = arrives + exit_takes
    reaches = leaves + between_takes
    second = found.way.sides[1]
    into = stretch(hours, second, found.way, reaches - ONE_DAY, reaches + ONE_DAY, today)
    if into is None or not _is_told(found.entering):
        return Steps(arrives, leaves, reaches, reaches, reaches + entry_takes, None)
    for window in into:
        begins = max(reaches, window.start)
        if begins - reaches <= LONGEST_WAIT and begins + entry_takes <= window.end:
            shuts = window.end if window.end < reaches + ONE_DAY else None
            return Steps(arrives, leaves, reaches, begins, begins + entry_takes, shuts)
    return None


def next_opening(hours: KnownHours, found: Passage, spare: int, today: date) -> NextOpening:
    """Looked for once in the days after one: none is worked out a second time to say why there is no such day."""
    is_too_old = found.is_too_old
    for day in (found.day + timedelta(days=i) for i in range(1, DAYS_AHEAD + 1)):
        one = passage(hours, found.way, day, found.needed, spare=spare, today=today)
        if one.opens:
            return NextOpening(day, one.opens)
        is_too_old = is_too_old or one.is_too_old
    return NextOpening(found.day, is_too_old=is_too_old)


def _is_told(side: SideDay) -> bool:
    return side.state in {State.OPEN, State.CLOSED}


def _as_told(side: SideDay, start: datetime, end: datetime) -> list[Window]:
    """Of a post of which one end at most is known."""
    return windows.merged([Window(side.opens or start, side.closes or end)])


def _arrivals(out: list[Window], into: list[Window], needed: Needed, spare: timedelta) -> list[Window]:
    """The first gate is left before it shuts or has its break, and so is the second. Somebody who comes at the last
    moment of a window still gets through: its end is included here."""
    exit_takes, between_takes, entry_takes = needed.parts
    found = []
    for leaving in out:
        for entering in into:
            last_begin = entering.end - spare - entry_takes
            latest = min(leaving.end - exit_takes, last_begin - between_takes - exit_takes)
            earliest = max(leaving.start, entering.start - LONGEST_WAIT - between_takes - exit_takes)
            if earliest <= latest and last_begin >= entering.start:
                found.append(Window(earliest, latest))
    return windows.merged(found)
