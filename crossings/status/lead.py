"""The sentence that answers whether one can cross, as a person would say it: the newer reports first."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django.utils.dateformat import format as written

from crossings.models import Crossing, Notice, Status
from crossings.status.evidence import Told, kept
from crossings.status.stamp import Stamp

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

ANSWERS = {
    Status.OPEN: "You can cross.",
    Status.LIMITED: "You can cross, with conditions.",
    Status.CLOSED: "Closed.",
}


def lead_of(crossing: Crossing, stamp: Stamp, today: date, notice: Notice | None = None) -> str:
    """One to three sentences for the head of a page; `notice` closes the crossing today, where it is at hand."""
    told = kept(crossing.evidence)
    if stamp.is_by_notice:
        return _by_notice(notice, today)
    if stamp.is_disputed:
        return in_order(told, today)
    if stamp.is_by_reports:
        return _by_reports(stamp, told, today)
    if stamp.status == Status.STALE:
        known = f"It was {_known(stamp.stale_status)} in {stamp.as_of:%B %Y}, and that may have changed."
        return f"Nobody has told us how it is today. {known}"
    if stamp.status == Status.UNKNOWN:
        return _unknown(told, today)
    return f"The editors knew it as {_known(stamp.status)} in {stamp.as_of:%B %Y}. No traveller has told us since."


def _known(status: str) -> str:
    return "open to neighbours only" if status == Status.BILATERAL else Status(status).label.lower()


def in_order(told: Sequence[Told], today: date) -> str:
    """ "Two travellers found it closed on 28 November. Six got through before that, the last on 17 November." """
    if not told:
        return ""
    newer, *older = told
    return " ".join([_sentence(newer, today), *(_sentence_of_older(one, newer, today) for one in older)])


def in_words(number: int) -> str:
    """Up to ten as words."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def _by_notice(notice: Notice | None, today: date) -> str:
    if notice is None:
        return "Closed by an official notice."
    if notice.ends_on is None:
        return f"Closed since {_day(notice.begins_on, today)}, by an official notice. It names no last day."
    return f"Closed until {_day(notice.ends_on, today)}, by an official notice."


def _by_reports(stamp: Stamp, told: Sequence[Told], today: date) -> str:
    passes = stamp.status != Status.CLOSED
    agreeing = next((one for one in told if one.is_shut != passes), None)
    other = next((one for one in told if one.is_shut == passes), None)
    answer = ANSWERS[Status(stamp.status)]
    sentences = [answer]
    if agreeing:
        after = ", and nobody got through after them" if not passes and other and other == told[-1] else ""
        sentences.append(f"{_who(agreeing)} {_did(agreeing, answer)} {_since(agreeing, today)}{after}.")
    if other and other == told[0]:
        sentences.append(f"But {_sentence(other, today)[0].lower()}{_sentence(other, today)[1:]}")
    return " ".join(sentences)


def _unknown(told: Sequence[Told], today: date) -> str:
    if not told:
        return "Nobody has told us yet whether foreigners get through here."
    return f"Nobody has told us enough to say how it is today. {_sentence(told[0], today)}"


def _sentence(told: Told, today: date) -> str:
    return f"{_who(told)} {_verb(told)} {_when(told, today)}."


def _sentence_of_older(told: Told, newer: Told, today: date) -> str:
    """Of one and the same day nobody knows which came first."""
    if told.last_on == newer.first_on == newer.last_on:
        when = "on the same day" if told.count == 1 else "too, the last on the same day"
        return f"{_number(told)} {_verb(told)} {when}."
    last = _on(told, today) if told.count == 1 else f"the last {_on(told, today)}"
    return f"{_number(told)} {_verb(told)} before that, {last}."


def _number(told: Told) -> str:
    return in_words(told.count).capitalize()


def _who(told: Told) -> str:
    noun = "new member" if told.are_new else "traveller"
    return f"{_number(told)} {noun}{'' if told.count == 1 else 's'}"


def _verb(told: Told) -> str:
    if told.only_refused:
        return f"{'was' if told.count == 1 else 'were'} refused, but not because it was closed,"
    if not told.is_shut:
        return "got through"
    if told.found_closed:
        return "found it closed"
    return "was turned back" if told.count == 1 else "were turned back"


def _did(told: Told, answer: str) -> str:
    if told.is_shut or told.only_refused:
        return _verb(told)
    return "did so freely" if told.freely and answer == ANSWERS[Status.OPEN] else "did so"


def _since(told: Told, today: date) -> str:
    """Of several: "since 12 November, the last on 28 November"."""
    if len(told.days) == 1 or told.count == 1:
        return _on(told, today)
    return f"since {_exactly(told.first_on, told.first_precision, today)}, the last {_on(told, today)}"


def _when(told: Told, today: date) -> str:
    """Every day where they are few: "on 26 and 27 November"; else since when, and when last."""
    if told.count > len(told.days) or not told.is_of_days:
        return _since(told, today)
    return f"on {days_in_words(told.days, today)}"


def _on(told: Told, today: date) -> str:
    return f"{'on' if told.precision == 'day' else 'in'} {_exactly(told.last_on, told.precision, today)}"


def _exactly(day: date, precision: str, today: date) -> str:
    """A day as exactly as its author lets others know it."""
    if precision == "month":
        return written(day, "F" if day.year == today.year else "F Y")
    return f"the week of {_day(day, today)}" if precision == "week" else _day(day, today)


def days_in_words(days: Sequence[date], today: date) -> str:
    """ "26 and 27 November", "30 November and 1 December"; the year is said where it is not this one."""
    parts = []
    for (year, _), found in groupby(days, key=lambda day: (day.year, day.month)):
        same = list(found)
        numbers = [str(day.day) for day in same[:-1]]
        last = _day(same[-1], today) if year != today.year else written(same[-1], "j F")
        parts += [*numbers, last]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _day(day: date, today: date) -> str:
    return written(day, "j F" if day.year == today.year else "j F Y")
