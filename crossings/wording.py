"""A report in words: its one dense line, its date as others may see it, and its facts one by one."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.dateformat import format as written

from crossings.models import Crossing, CrossingReport, Direction, Outcome, ReportFee
from crossings.models.report import DELAY, Check, Mode, Paper

# The colour and shape of an outcome.
COLOURS = {Outcome.CROSSED: "open", Outcome.CONDITIONS: "limited"}
# What a stamp in a passport says, in one or two words.
STAMPED = {
    Outcome.CROSSED: "Crossed", Outcome.CONDITIONS: "Conditions", Outcome.REFUSED_AT_EXIT: "Refused",
    Outcome.REFUSED_AT_ENTRY: "Refused", Outcome.FOUND_CLOSED: "Found closed", Outcome.TURNED_BACK: "Turned back",
}  # fmt: skip
ICONS = {
    Mode.BICYCLE: "bike", Mode.FOOT: "foot", Mode.MOTORCYCLE: "moto", Mode.CAR: "car", Mode.TRUCK: "truck",
    Mode.BUS: "bus", Mode.TAXI: "car", Mode.TRAIN: "bus", Mode.BOAT: "swap", Mode.HITCHHIKING: "up", Mode.TOUR: "user",
}  # fmt: skip
BY_MODE = {
    Mode.BICYCLE: "by bicycle", Mode.FOOT: "on foot", Mode.MOTORCYCLE: "by motorcycle", Mode.CAR: "by car",
    Mode.TRUCK: "by camper or truck", Mode.BUS: "by bus", Mode.TAXI: "by shared taxi", Mode.TRAIN: "by train",
    Mode.BOAT: "by boat", Mode.HITCHHIKING: "hitchhiking", Mode.TOUR: "in a group tour",
}  # fmt: skip


def colour_of(outcome: str) -> str:
    return COLOURS.get(Outcome(outcome), "closed")


def direction_in_words(crossing: Crossing, direction: str) -> str:
    """ "China to Kyrgyzstan"."""
    names = [crossing.country_a.name, crossing.country_b.name]
    return " to ".join(names if direction == Direction.A_TO_B else reversed(names))


def public_day(report: CrossingReport, today: date) -> date:
    """The day as it may be counted with: of a report that is delayed, the Monday of its week."""
    return monday_of(report.crossed_on) if is_delayed(report, today) else report.crossed_on


def public_precision(report: CrossingReport, today: date) -> str:
    """How exactly others may know the day: "day", "week" (the public day is its Monday) or "month" (its first)."""
    if report.only_month:
        return "month"
    return "week" if is_delayed(report, today) else "day"


def is_delayed(report: CrossingReport, today: date) -> bool:
    return report.is_delayed and not report.only_month and today - report.crossed_on < DELAY


def hides_its_day(report: CrossingReport) -> bool:
    """Whether its author wants others to see less than the day, now or for some time."""
    return report.is_delayed or report.only_month


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_in_words(report: CrossingReport, today: date) -> str:
    """ "10 Nov 2026", or what the author lets others see: "week of 9 Nov 2026", "November 2026"."""
    if report.only_month:
        return written(report.crossed_on, "F Y")
    if is_delayed(report, today):
        return f"week of {written(monday_of(report.crossed_on), 'j M Y')}"
    return written(report.crossed_on, "j M Y")


def duration(minutes: int) -> str:
    """ "2 h 40 min"."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def total_minutes(report: CrossingReport) -> int | None:
    """From the first queue to the last stamp, as far as it was told."""
    told = [report.minutes_at_exit, report.minutes_between, report.minutes_at_entry]
    known = [minutes for minutes in told if minutes is not None]
    return sum(known) if known else None


def line_of(report: CrossingReport, fees: Iterable[ReportFee], today: date) -> list[str]:
    """The dense line above a story, phrase by phrase: when, how, which way, and whatever else was told in brief."""
    crossing = report.crossing
    phrases = [
        f"{day_in_words(report, today)}, {BY_MODE[Mode(report.mode)]}",
        direction_in_words(crossing, report.direction),
    ]
    if report.reason:
        phrases.append(report.get_reason_display())
    phrases += _times(report)
    if report.papers:
        phrases.append(_labels(Paper, report.papers))
    phrases += [fee_in_words(fee) for fee in fees]
    if report.between:
        phrases.append(f"between the posts: {report.get_between_display().lower()}")
    if report.unofficial_payment in {"asked", "paid"}:
        phrases.append(
            {"asked": "unofficial payment asked, not paid", "paid": "unofficial payment paid"}[
                report.unofficial_payment
            ]
        )
    return phrases


def names_day(text: str, day: date) -> bool:
    """Whether a text has the day in one of the forms in which days are written here."""
    return any(written(day, form) in text for form in ("j M", "j F", "M j", "F j", "Y-m-d", "j.n.", "j/n"))


def sentence_of(report: CrossingReport, fees: Iterable[ReportFee], today: date) -> str:
    """The facts as the story of a report whose author wrote none, with the day as others may know it."""
    day, way, *more = line_of(report, fees, today)
    sentence = f"{report.get_outcome_display()}: {way}, {day}."
    return f"{sentence} {'. '.join(words[0].upper() + words[1:] for words in more)}." if more else sentence


def fee_in_words(fee: ReportFee) -> str:
    amount = f"{fee.amount:,.2f}".removesuffix(".00")
    receipt = {True: ", with receipt", False: ", no receipt", None: ""}[fee.has_receipt]
    return f"{amount} {fee.currency} for {fee.purpose}{receipt}"


def facts_in_words(report: CrossingReport, fees: Iterable[ReportFee]) -> dict[str, str]:
    """Everything a report says beside its story, by the name of each fact; what was not told is left out."""
    facts = {
        "Date": written(report.crossed_on, "F Y" if report.only_month else "j F Y"),
        "Shown": "only the week for 14 days" if report.is_delayed else "",
        "First hand": "no, hearsay" if report.is_hearsay else "",
        "Direction": direction_in_words(report.crossing, report.direction),
        "Outcome": report.get_outcome_display(),
        "Reason": report.get_reason_display(),
        "Transport": report.get_mode_display(),
        "Passport": report.get_passport_group_display(),
        "At exit": _minutes(report.minutes_at_exit),
        "Between the posts": _minutes(report.minutes_between),
        "At entry": _minutes(report.minutes_at_entry),
        "Days waiting": "" if report.days_waiting is None else str(report.days_waiting),
        "Papers": _labels(Paper, report.papers),
        "Between the posts by": report.get_between_display(),
        "Fees": "; ".join(fee_in_words(fee) for fee in fees),
        "Unofficial payment": report.get_unofficial_payment_display(),
        "Checks": _labels(Check, report.checks),
        f"Road in {report.crossing.country_a.name}": report.get_road_a_display(),
        f"Road in {report.crossing.country_b.name}": report.get_road_b_display(),
        "Staff": report.get_staff_display(),
        f"Hours on the gate of {report.crossing.country_a.name}": ", ".join(report.gate_hours_a.split()),
        f"Hours on the gate of {report.crossing.country_b.name}": ", ".join(report.gate_hours_b.split()),
    }
    return {name: words for name, words in facts.items() if words}


def _times(report: CrossingReport) -> list[str]:
    times = [("exit", report.minutes_at_exit), ("between", report.minutes_between), ("entry", report.minutes_at_entry)]
    phrases = [f"{name} {duration(minutes)}" for name, minutes in times if minutes is not None]
    if report.days_waiting:
        phrases.append(f"waited {report.days_waiting} day{'s' if report.days_waiting > 1 else ''}")
    return phrases


def _minutes(minutes: int | None) -> str:
    return "" if minutes is None else duration(minutes)


def _labels(choices, values: list[str]) -> str:
    return ", ".join(choices(value).label for value in values)
