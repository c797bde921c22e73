"""What the staff pages say of the site as a whole."""

from accounts.readers import Reader
from config.checklist import points
from config.health import runs
from config.health.doctor.results import Level
from config.worker import tries
from forum.extensions.fragments import Part


def of_staff(reader: Reader) -> list[Part]:
    """How far the checklist has come, the doctor's last result, and how many tasks failed."""
    shown, found = points.shown(), runs.latest()
    wrong = [row.words for row in found.worst_first if row.level == Level.WRONG] if found else []
    return [
        {
            "template": "config/_staff.html",
            "settled_count": sum(row.is_settled for row in shown),
            "count": len(shown),
            "has_run": found is not None,
            "is_wrong": bool(wrong),
            "is_old": found is not None and runs.is_old(found),
            "first": wrong[0] if wrong else "",
            "failed_count": tries.given_up().count(),
        }
    ]
