"""What the editors say of a crossing, in words, by what it is about.

The words tell whether two texts say the same, make the lines of the history, and are shown side by side where two
editors wrote at once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.dateformat import format as written

from crossings.models import Crossing, CrossingEdit, CrossingFact, CrossingName, Notice

Words = dict[str, str]
NOTICE = CrossingEdit.NOTICE


def of_place(crossing: Crossing) -> Words:
    """What a crossing itself is."""
    return {
        "Title": crossing.name,
        "Countries": f"{crossing.country_a_id}, {crossing.country_b_id}",
        f"Post of {crossing.country_a_id}": crossing.post_a,
        f"Post of {crossing.country_b_id}": crossing.post_b,
        "Coordinates": f"{crossing.latitude}, {crossing.longitude}",
        "Altitude": "" if crossing.altitude_m is None else f"{crossing.altitude_m:,} m",
        "Kind": Crossing.Kind(crossing.kind).label,
        "Towns": ", ".join(crossing.towns),
        "In a conflict zone": "yes" if crossing.in_conflict_zone else "no",
        "Territory disputed": "yes" if crossing.is_territory_disputed else "no",
        "Status by the editors": crossing.get_editors_status_display(),
        "As of": month(crossing.as_of),
        "Source": crossing.source,
        "Confidence": crossing.confidence,
    }


def of_facts(facts: Iterable[CrossingFact]) -> Words:
    said = {
        fact.kind: f"{fact.text} (as of {month(fact.as_of)}; confidence: {fact.confidence}; source: {fact.source})"
        for fact in facts
    }
    return {kind.label: said[kind] for kind in CrossingFact.Kind if kind in said}


def of_names(names: Iterable[CrossingName]) -> Words:
    return {name.text: f"{name.text} (needs context)" if name.needs_context else name.text for name in names}


def of_notice(notice: Notice) -> Words:
    end = f"to {day(notice.ends_on)}" if notice.ends_on else "until further notice"
    said = f"{notice.get_kind_display()} from {day(notice.begins_on)} {end}: {notice.text} (source: {notice.source})"
    return {NOTICE: said if notice.withdrawn_at is None else ""}


def changes(before: Words, after: Words) -> list[list[str]]:
    """What differs: a list of [what, before, after], empty where nothing stood."""
    labels = dict.fromkeys([*before, *after])
    lines = ([label, before.get(label, ""), after.get(label, "")] for label in labels)
    return [line for line in lines if line[1] != line[2]]


def marker(said: Mapping[str, str]) -> str:
    """Short, and another one as soon as anything else is said: forms carry it to tell what they began with."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def month(first_day: date) -> str:
    return written(first_day, "F Y")


def day(moment: date) -> str:
    return written(moment, "j F Y")
