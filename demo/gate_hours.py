"""Posted hours of the demo, as if a notice at the gate had been photographed: real places, made-up hours."""

from accounts.models import User
from crossings.hours import actions
from crossings.models import Crossing
from crossings.status import update

# Side, opens, closes, break, clock: in minutes after midnight.
_TORUGART = [
    ("a", 600, 1020, (810, 930), "Asia/Shanghai"),
    ("b", 480, 1020, (720, 780), "Asia/Bishkek"),
]
_IRKESHTAM = [("a", 630, 1080, (840, 960), "Asia/Shanghai"), ("b", 540, 1020, (720, 780), "Asia/Bishkek")]


def plant_hours(user: User) -> None:
    """On workdays, both ways, for everybody."""
    for slug, rows in (("torugart", _TORUGART), ("irkeshtam", _IRKESHTAM)):
        crossing = Crossing.objects.with_countries().get(slug=slug)
        for old in list(crossing.hours.standing().filter(audience="all").select_related("crossing")):
            actions.withdraw_hours(user, old, reason="The notice at the gate says all of it")
        for side, opens, closes, (break_from, break_to), zone in rows:
            values = {
                "side": side, "heading": "both", "audience": "all", "weekdays": "12345", "opens": opens,
                "closes": closes, "break_from": break_from, "break_to": break_to, "zone": zone, "season_from": "",
                "season_to": "", "as_of": update.today().replace(day=1), "confidence": "medium", "note": "",
                "source": "A notice at the gate, made up for the demo",
            }  # fmt: skip
            actions.enter_hours(user, crossing, values=values, reason="From the notice at the gate")
