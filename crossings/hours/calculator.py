"""When one has to be at the gate on a day: in plain words, in steps, as a drawing and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from crossings.clock.days import KnownHours, SideDay, State
from crossings.clock.passage import Passage, Steps, next_opening, passage, steps
from crossings.clock.strip import Strip, strip_of
from crossings.hours import kept
from crossings.hours.day_table import Clock, Row, at, clocks_of, on_all, row_of_both, rows_of_post, spoken
from crossings.hours.panels import (
    TOO_OLD,
    clock_way,
    doubts,
    in_full,
    is_any_time,
    needed_of,
    too_short,
    window_url,
)
from crossings.models import Crossing
from crossings.models.report import Mode
from crossings.status import medians
from crossings.wording import BY_MODE, duration

DAYS_SHOWN = 7
_PARTS = ("exit", "the way from post to post", "entry")


@dataclass(frozen=True)
class Step:
    """A line of the plan: what each clock shows, and what happens then."""

    times: Sequence[str]
    what: str
    small: str = ""


@dataclass(frozen=True)
class OtherDay:
    day: date
    url: str
    words: str  # "open", "closed", "too short", "too old to count on", "not known"
    is_chosen: bool


@dataclass(frozen=True)
class Answer:
    """What the calculator says; `head` and `more` are plain words, the rest shows the same."""

    asked: str  # "Thursday 3 December, to China, by bicycle"
    head: str
    more: Sequence[str]
    clocks: Sequence[Clock]
    rows: Sequence[Row]
    strip: Strip | None = None
    strip_words: str = ""
    plan: Sequence[Step] = field(default_factory=list)
    doubts: Sequence[str] = field(default_factory=list)
    days: Sequence[OtherDay] = field(default_factory=list)
    share_url: str = ""
    names: Sequence[str] = ()
    by_words: str = ""


def work_out(
    crossing: Crossing, *, to: str, mode: str, day: date, spare: int, now: datetime, own_zone: str = ""
) -> Answer:  # fmt: skip
    """`to` is a country's code in small letters, `day` one of the first gate's clock, `spare` in minutes."""
    hours, way, today = kept.of(crossing), clock_way(crossing, to, mode), now.date()
    needed = needed_of(crossing, way)
    found = passage(hours, way, day, needed, spare=spare, today=today)
    clocks = clocks_of(crossing, hours, way, day, own_zone)
    latest = found.by if found.by and not is_any_time(found) else found.opens
    walked = steps(found, hours, latest, today) if latest and found.is_known else None
    names = _names(crossing, found)
    sides = (found.leaving, found.entering)
    rows = [row for side in sides for row in rows_of_post(crossing, side, clocks)]
    return Answer(
        asked=_asked(crossing, to, mode, day),
        head=_head(found, names, clocks),
        more=[*_more(crossing, hours, found, walked, names, clocks, spare, today), *_needed(crossing, way, found)],
        clocks=clocks,
        rows=[*rows, *(row_of_both("Both work", found, clocks) if found.is_known else [])],
        strip=_strip(found, walked, clocks),
        strip_words=_strip_words(rows, clocks, found),
        plan=_plan(crossing, found, walked, names, clocks),
        doubts=doubts(crossing, sides, today),
        days=_days(crossing, hours, found, to, mode, spare, today),
        share_url=window_url(crossing, to, mode, day=day.isoformat(), spare=str(spare)),
        names=names,
        by_words=f"{'by' if latest == found.by else 'at'} {at(latest, clocks[0].zone, day)}"
        if latest and clocks
        else "",
    )


def _names(crossing: Crossing, found: Passage) -> tuple[str, str]:
    """Of the two countries, in the order in which one meets them."""
    first, second = found.way.sides
    return crossing.country_of(first).name, crossing.country_of(second).name


def _asked(crossing: Crossing, to: str, mode: str, day: date) -> str:
    country = next(one for one in crossing.countries if one.code.lower() == to)
    return f"{in_full(day)} {day.year}, to {country.name}, {BY_MODE[Mode(mode)]}"


def _head(found: Passage, names: tuple[str, str], clocks: Sequence[Clock]) -> str:
    if found.arrivals:
        if is_any_time(found):
            return "Any time: both posts work day and night" if found.is_known else "Any time, by what is known"
        by = on_all(found.arrivals[-1].end, clocks, found.day)
        return f"Be at the gate of {names[0]} by {by}"
    closed = [name for name, side in zip(names, _sides(found), strict=True) if side.state == State.CLOSED]
    if closed:
        return f"Closed on this day: {' and '.join(closed)}"
    if found.opens_too_short:
        return f"Be at the gate of {names[0]} as it opens, {on_all(found.opens_too_short, clocks, found.day)}"
    if found.is_too_old:
        return "The posted hours are too old to count on"
    return "On this day the two posts never work at the same time" if found.is_known else "Hours not known"


def _sides(found: Passage) -> tuple[SideDay, SideDay]:
    return found.leaving, found.entering


def _more(
    crossing: Crossing, hours: KnownHours, found: Passage, walked: Steps | None, names: tuple[str, str],
    clocks: Sequence[Clock], spare: int, today: date,
) -> list[str]:  # fmt: skip
    said = []
    if _is_of_the_evening_before(found):
        said.append("These are the hours of the evening before, which go on after midnight.")
    if found.arrivals and not is_any_time(found) and found.opens:
        if any(side.state == State.PART and side.opens is None for side in _sides(found)):
            said.append("Earlier is safer.")
        else:
            said.append(f"Earlier is safer: it is of use from {on_all(found.opens, clocks, found.day)}.")
        if len(found.arrivals) > 1:
            stretches = spoken(found.arrivals, clocks[0].zone, found.day).replace(", ", " and from ")
            said.append(f"Who comes from {stretches} by the clock of {clocks[0].name} gets through.")
    if walked and not is_any_time(found):
        through = on_all(walked.through, clocks, found.day)
        said.append(f"Then you are through in {names[1]} at {through}{_before(walked)}.")
    if found.opens_too_short:
        said.append(f"{too_short(found, spare)}. It may take two days.")
    elif not found.arrivals and found.is_known:
        following = next_opening(hours, found, spare, today)
        if found.is_too_old:
            said.append(TOO_OLD)
        if following.opens is None and following.is_too_old:
            said += [] if found.is_too_old else [TOO_OLD]
        elif following.opens is None:
            said.append("By the posted hours there is no day in the next two months on which one gets through.")
        else:
            said.append(
                f"The next day is {in_full(following.day)}, from {on_all(following.opens, clocks, following.day)}."
            )
    said += [
        _unknown(side, name, clocks) for side, name in zip(_sides(found), names, strict=True) if not _is_told(side)
    ]
    return said


def _before(walked: Steps) -> str:
    if walked.shuts is None:
        return ""
    left = _minutes_between(walked.through, walked.shuts)
    return f", {duration(left)} before the post shuts" if left else ", just as the post shuts"


def _is_told(side: SideDay) -> bool:
    return side.state in {State.OPEN, State.CLOSED}


def _unknown(side: SideDay, name: str, clocks: Sequence[Clock]) -> str:
    if side.state == State.UNKNOWN or not clocks:
        return f"Nobody has told us the hours of {name}."
    if side.opens is not None:
        return f"{name} opens at {on_all(side.opens, clocks, side.day)}; nobody has told us when it shuts."
    shuts = f" at {on_all(side.closes, clocks, side.day)}" if side.closes else ""
    return f"{name} shuts{shuts}; nobody has told us when it opens."


def _minutes_between(one: datetime, other: datetime) -> int:
    return round((other - one).total_seconds() / 60)


def _needed(crossing: Crossing, way, found: Passage) -> list[str]:
    """Which parts of the way nobody told the time of."""
    told = medians.parts(crossing, way.direction, way.mode)
    lacking = [name for name, (middle, _) in zip(_PARTS, told, strict=True) if middle is None]
    if not lacking or is_any_time(found) or not found.arrivals:
        return []
    if len(lacking) == len(_PARTS):
        return ["Nobody has told us how long it takes, so no time is counted for it: come much earlier."]
    return [f"Nobody has told us how long {' and '.join(lacking)} takes, so no time is counted for it: come earlier."]


def _plan(
    crossing: Crossing, found: Passage, walked: Steps | None, names: tuple[str, str], clocks: Sequence[Clock]
) -> list[Step]:
    if walked is None:
        return []
    told = medians.parts(crossing, found.way.direction, found.way.mode)
    small = [
        f"{name.capitalize()} takes {duration(middle)}, {_of(count)}" if middle else ""
        for name, (middle, count) in zip(_PARTS, told, strict=True)
    ]
    lines = [(walked.arrives, f"At the gate of {names[0]}.", small[0])]
    if walked.leaves > walked.arrives or walked.reaches > walked.leaves:
        lines.append((walked.leaves, f"Out of {names[0]}.", small[1]))
    if walked.waits:
        waiting = f"{duration(walked.waits)} to wait"
        lines.append((walked.reaches, f"At the post of {names[1]}, which does not work yet.", waiting))
        lines.append((walked.begins, f"{names[1]} works.", small[2]))
    elif walked.reaches > walked.leaves or walked.through > walked.begins:
        lines.append((walked.begins, f"At the post of {names[1]}.", small[2]))
    lines.append((walked.through, f"Stamped in to {names[1]}.", ""))
    if walked.shuts and not is_any_time(found):
        left = _minutes_between(walked.through, walked.shuts)
        lines.append((walked.shuts, f"The post of {names[1]} shuts.", f"{duration(left)} to spare" if left else ""))
    return [Step([at(moment, clock.zone, found.day) for clock in clocks], what, small) for moment, what, small in lines]


def _of(count: int) -> str:
    return "by one report" if count == 1 else f"the middle of {count:,} reports"


def _strip(found: Passage, walked: Steps | None, clocks: Sequence[Clock]) -> Strip | None:
    walls = [clock for clock in clocks if clock.sides]
    if not walls:
        return None
    return strip_of(found, walked, walls[0].zone, walls[1].zone if len(walls) > 1 else None)


def _strip_words(rows: Sequence[Row], clocks: Sequence[Clock], found: Passage) -> str:
    """For who does not see the drawing."""
    said = [f"{row.label}: {row.words or ', '.join(cell.words for cell in row.cells[:1])}" for row in rows]
    both = "; ".join(row.cells[0].words for row in row_of_both("", found, clocks)) if clocks else ""
    clock = f"By the clock of {clocks[0].name}. " if clocks else ""
    return f"{clock}{'. '.join(said)}. {f'Both work: {both}.' if both else ''}".strip()


def _days(
    crossing: Crossing, hours: KnownHours, found: Passage, to: str, mode: str, spare: int, today: date
) -> list[OtherDay]:
    """The chosen day and those after it."""
    listed = []
    for i in range(DAYS_SHOWN):
        day = found.day + timedelta(days=i)
        one = passage(hours, found.way, day, found.needed, spare=spare, today=today)
        url = window_url(crossing, to, mode, day=day.isoformat(), spare=str(spare))
        listed.append(OtherDay(day, url, _day_in_words(one), i == 0))
    return listed


def _is_of_the_evening_before(found: Passage) -> bool:
    """One gets through on a day on which a post does not open: it works on past midnight."""
    return bool(found.arrivals) and State.CLOSED in {found.leaving.state, found.entering.state}


def _day_in_words(found: Passage) -> str:
    if found.arrivals and found.is_known:
        return "open by the hours of the evening before" if _is_of_the_evening_before(found) else "open"
    if State.CLOSED in {found.leaving.state, found.entering.state}:
        return "closed"
    if not found.is_known:
        return "not known"
    return "too short" if found.both else "too old to count on" if found.is_too_old else "closed"
