from typing import NamedTuple

from django.db import models
from django.db.models import Q


class StoredFinding(NamedTuple):
    """A finding of the doctor as it was stored; `level` is right, warning or wrong."""

    level: str
    words: str
    advice: str
    # The check that found it, such as mail.spf.
    check: str = ""


class DoctorRunQuerySet(models.QuerySet["DoctorRun"]):
    def ended(self) -> "DoctorRunQuerySet":
        """Runs that came to their end, the latest first."""
        return self.exclude(ended_at=None).order_by("-pk")


class DoctorRun(models.Model):
    """One run of the doctor with all that it found (config/health/doctor)."""

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Lists of the fields of StoredFinding, in order.
    findings = models.JSONField(default=list)
    wrong_count = models.PositiveIntegerField(default=0)
    warnings_count = models.PositiveIntegerField(default=0)

    objects = DoctorRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(wrong_count=0, warnings_count=0),
                name="a_doctor_run_found_something_at_its_end",
            )
        ]

    def __str__(self) -> str:
        return f"Doctor, {self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong; there may be warnings."""
        return self.wrong_count == 0

    @property
    def wrong_letters(self) -> list[StoredFinding]:
        """What it found wrong with letters."""
        found = (StoredFinding(*row) for row in self.findings)
        return [row for row in found if row.level == "wrong" and ("mail" in row.check or "letters" in row.check)]

    @property
    def worst_first(self) -> list[StoredFinding]:
        """Its findings: what is wrong, then warnings, then what is right, each in the order of the checks."""
        order = ["wrong", "warning", "right"]
        return sorted((StoredFinding(*row) for row in self.findings), key=lambda row: order.index(row.level))
