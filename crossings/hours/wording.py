"""Posted hours and clocks in words: for pages, and for the history of a crossing."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from crossings.clock import zones
from crossings.clock.rules import Audience, Heading
from crossings.editorial.wording import Words, month
from crossings.hours import spans
from crossings.models import Crossing, CrossingEdit, Hours
from crossings.wording import duration

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip


def times(hours: Hours) -> str:
    """ "08:00 to 17:00, break 12:00 to 13:00", "from 08:00, nobody told until when"."""
    if hours.opens is None:
        return f"until {spans.clock(hours.closes or 0)}, nobody told from when"
    if hours.closes is None:
        return f"from {spans.clock(hours.opens)}, nobody told until when"
    if (hours.opens, hours.closes) == spans.ROUND_THE_CLOCK:
        said = "round the clock"
    else:
        said = f"{spans.clock(hours.opens)} to {spans.clock(hours.closes)}"
    if hours.break_from is not None and hours.break_to is not None:
        said += f", break {spans.clock(hours.break_from)} to {spans.clock(hours.break_to)}"
    return said


def days(weekdays: str | Sequence[int]) -> str:
    """ "every day", "Monday to Friday", "Monday, Wednesday", and over the end of the week "Sunday to Thursday"."""
    numbers = sorted(map(int, weekdays))
    if len(numbers) == 7:
        return "every day"
    first = next((day for day in numbers if (day - 2) % 7 + 1 not in numbers), 1)
    order = sorted(numbers, key=lambda day: (day - first) % 7)
    is_run = all((day - first) % 7 == place for place, day in enumerate(order))
    if is_run and len(order) > 2:
        return f"{WEEKDAYS[order[0] - 1]} to {WEEKDAYS[order[-1] - 1]}"
    return " and ".join(filter(None, [", ".join(WEEKDAYS[day - 1] for day in order[:-1]), WEEKDAYS[order[-1] - 1]]))


def season(hours: Hours) -> str:
    """ "8 December to the end of April"."""
    if not hours.season_from:
        return ""
    return f"{_end(hours.season_from, 'the beginning of ')} to {_end(hours.season_to, 'the end of ')}"


def conditions(hours: Hours) -> str:
    """For whom, which way, on which days and when in the year; nothing of what goes without saying."""
    said = [
        "" if hours.audience == Audience.ALL else f"{hours.get_audience_display()} only",
        "" if hours.heading == Heading.BOTH else hours.get_heading_display().lower(),
        days(hours.weekdays),
        season(hours),
    ]
    words = ", ".join(part for part in said if part)
    return words[0].upper() + words[1:]


def of_row(hours: Hours) -> str:
    """Everything that a row says, in one line for the history."""
    note = f"; {hours.note}" if hours.note else ""
    said = f"{hours.country.name}: {times(hours)} by the clock of {hours.zone} ({conditions(hours)}{note}; as of "
    return f"{said}{month(hours.as_of)}; confidence: {hours.confidence}; source: {hours.source})"


def of_hours(hours: Hours | None) -> Words:
    return {CrossingEdit.HOURS: of_row(hours) if hours else ""}


def of_clocks(crossing: Crossing) -> Words:
    sides = [
        f"{crossing.country_of(side).name} {zone or 'not known'}{f', also {also}' if also else ''}"
        for side, (zone, also) in crossing.clocks.items()
    ]
    return {CrossingEdit.CLOCKS: "; ".join([*sides, *filter(None, [crossing.clock_note])])}


def clocks(crossing: Crossing, day: date) -> str:
    """ "Beijing in China; Bishkek in Kyrgyzstan, 2 hours behind on 1 December", of the clocks that are known."""
    known = {side: zone for side, (name, _) in crossing.clocks.items() if (zone := zones.zone_of(name))}
    said = [_in(zones.called(zone.key), crossing.country_of(side).name) for side, zone in known.items()]
    if len(known) == 2:
        said[1] += f", {_ahead(known['b'], known['a'], day)} on {day.day} {day:%B}"
    return "; ".join(said)


def clocks_also(crossing: Crossing, day: date) -> list[str]:
    """The other clock that people name at a post, with how far it is from that on the wall; and what else is known."""
    said = []
    for side, (name, other) in crossing.clocks.items():
        zone, also = zones.zone_of(name), zones.zone_of(other)
        if zone and also:
            posts = f"Posts of {crossing.country_of(side).name} keep {zones.called(zone.key)} time"
            apart = _ahead(also, zone, day)
            said.append(
                f"{posts}; people there also name {zones.called(also.key)} time, {apart} on {day.day} {day:%B}."
            )
    return [*said, *filter(None, [crossing.clock_note])]


def _in(town: str, country: str) -> str:
    """ "Bishkek in Kyrgyzstan", but "Singapore"."""
    return country if town == country else f"{town} in {country}"


def _ahead(one: ZoneInfo, other: ZoneInfo, day: date) -> str:
    """How far one clock is from another one, at noon of a day: "2 hours behind"."""
    minutes = zones.ahead(other, one, zones.bounds(day, other)[0] + timedelta(hours=12))
    if not minutes:
        return "the same time"
    return f"{duration(abs(minutes))} {'ahead' if minutes > 0 else 'behind'}"


def _end(written: str, of_month: str) -> str:
    number, _, day = written.partition("-")
    name = MONTHS[int(number) - 1]
    return f"{int(day)} {name}" if day else f"{of_month}{name}"
