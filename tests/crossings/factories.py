"""Crossings and reports for tests: only what matters to the test is written in the test."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from accounts.models import User
from crossings.hours import kept
from crossings.models import Country, Crossing, CrossingName, CrossingReport, Hours, Notice
from crossings.reports import actions
from crossings.status.update import judge, today
from tests.factories import make_user

_numbers = count(1)


def make_country(code: str = "KG", name: str = "") -> Country:
    return Country.objects.get_or_create(code=code, defaults={"name": name or f"Country {code}"})[0]


def make_crossing(*, names: tuple[str, ...] = (), countries: tuple[str, str] = ("CN", "KG"), **fields) -> Crossing:
    """A crossing with its own name and these; of China and Kyrgyzstan unless said otherwise."""
    number = next(_numbers)
    fields.setdefault("name", f"Crossing {number}")
    fields.setdefault("slug", f"crossing-{number}")
    fields = {
        "latitude": 40.5, "longitude": 75.4, "kind": Crossing.Kind.ROAD, "as_of": today().replace(day=1),
        "source": "general knowledge", "confidence": "medium",
    } | fields  # fmt: skip
    a, b = sorted(countries)
    crossing = Crossing.objects.create(country_a=make_country(a), country_b=make_country(b), **fields)
    CrossingName.objects.bulk_create(CrossingName(crossing=crossing, text=name) for name in (fields["name"], *names))
    return crossing


def make_report(crossing: Crossing, *, days_ago: int = 0, author: User | None = None, trust: int = 1, **fields):
    """A report as `reporting.file_report` writes it: by a bicycle, from the first country to the second, crossed."""
    facts = {
        "crossed_on": today() - timedelta(days=days_ago), "direction": "a-b", "mode": "bicycle", "outcome": "crossed",
    } | fields  # fmt: skip
    source = facts.pop("source", "Quick and friendly.")
    author = author or make_user(trust=trust)
    return actions.file_report(author, crossing, CrossingReport(**facts), source=source)


def make_notice(crossing: Crossing, *, begins: int = 0, ends: int | None = None, **fields) -> Notice:
    """A closure from today on, unless said otherwise in days from today; the crossing is judged with it."""
    fields = {
        "kind": Notice.Kind.CLOSURE, "text": "Closed for repairs.", "source": "https://news.example/1",
        "begins_on": today() + timedelta(days=begins),
        "ends_on": None if ends is None else today() + timedelta(days=ends),
        "entered_at": timezone.now(),
    } | fields  # fmt: skip
    fields.setdefault("entered_by", make_user())
    notice = Notice.objects.create(crossing=crossing, **fields)
    judge(crossing.pk)
    return notice


def make_hours(crossing: Crossing, side: str = "a", opens: str = "08:00", closes: str = "17:00", **fields) -> Hours:
    """Posted hours of every day for everybody, known this month, by the clock of the side or else of Bishkek."""
    fields = {
        "zone": getattr(crossing, f"zone_{side}") or "Asia/Bishkek", "as_of": today().replace(day=1),
        "source": "A notice at the gate", "confidence": "medium", "entered_at": timezone.now(),
    } | fields  # fmt: skip
    pause = fields.pop("pause", "")
    times = dict(zip(("opens", "closes", "break_from", "break_to"), [opens, closes, *pause.split("-")], strict=False))
    minutes = {name: int(time[:2]) * 60 + int(time[3:]) for name, time in times.items() if time}
    hours = Hours.objects.create(crossing=crossing, side=side, **minutes, **fields)
    kept.keep(crossing, today())
    crossing.refresh_from_db()
    return hours
