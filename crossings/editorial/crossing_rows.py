"""Crossings as a file has them, and writing them: what is new, and what changed of those that no editor has changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crossings import tasks
from crossings.models import Crossing, CrossingEdit, CrossingFact, CrossingName
from pagecache.versions import bump

FACTS = {"permits": CrossingFact.Kind.PAPERS, "seasonal": CrossingFact.Kind.SEASON}
# What the file says of a crossing itself.
_COUNTRIES = {"country_a_id", "country_b_id"}
_FIELDS = [
    "name", "country_a_id", "country_b_id", "post_a", "post_b", "latitude", "longitude", "altitude_m", "kind", "towns",
    "editors_status", "as_of", "source", "confidence", "is_territory_disputed",
]  # fmt: skip


@dataclass
class Row:
    """One crossing of the file, with its names and facts."""

    crossing: Crossing
    names: list[str]
    facts: dict[str, str]
    # Those of the names that are also everyday words, or towns of other crossings.
    ambiguous: set[str] = field(default_factory=set)


@dataclass
class Loaded:
    """How many crossings of the file were new, changed, the same, and left as the editors have them."""

    new: int = 0
    changed: int = 0
    same: int = 0
    with_hours: int = 0  # of which clocks or posted hours are new or others
    kept: list[str] = field(default_factory=list)
    # Not loaded: another crossing is called so here.
    left_out: list[str] = field(default_factory=list)


def write_all(rows: Sequence[Row], loaded: Loaded) -> dict[str, tuple[str, str]]:
    """Returns by slug between which countries they are here.

    Those that are here are locked before the query which of them editors changed, so a concurrent save is waited for.
    """
    slugs = [row.crossing.slug for row in rows]
    stored = Crossing.objects.filter(slug__in=slugs).prefetch_related("names", "facts")
    known = {crossing.slug: crossing for crossing in stored.order_by("pk").select_for_update(no_key=True)}
    edits = CrossingEdit.objects.of_the_crossing_itself().filter(crossing__slug__in=slugs)
    edited = set(edits.values_list("crossing__slug", flat=True))
    rows = _whose_names_are_free(rows, edited, loaded)
    _write_new([row for row in rows if row.crossing.slug not in known], loaded)
    for row in rows:
        if row.crossing.slug in known:
            _write(row, known[row.crossing.slug], row.crossing.slug in edited, loaded)
    now = [known.get(row.crossing.slug, row.crossing) for row in rows]
    return {one.slug: (one.country_a_id, one.country_b_id) for one in now}


def _whose_names_are_free(rows: Sequence[Row], edited: Collection[str], loaded: Loaded) -> list[Row]:
    """Without those whose name editors gave to another crossing here."""
    names = {row.crossing.name: row.crossing.slug for row in rows if row.crossing.slug not in edited}
    called = Crossing.objects.filter(name__in=names).values_list("name", "slug")
    taken = {names[name] for name, slug in called if slug != names[name]}
    loaded.left_out += sorted(taken)
    return [row for row in rows if row.crossing.slug not in taken]


def _write_new(rows: Sequence[Row], loaded: Loaded) -> None:
    Crossing.objects.bulk_create(row.crossing for row in rows)
    CrossingName.objects.bulk_create(name for row in rows for name in _names_of(row.crossing, row, set()))
    CrossingFact.objects.bulk_create(fact for row in rows for fact in _new_facts(row.crossing, row))
    loaded.new += len(rows)


def _write(row: Row, known: Crossing, is_edited: bool, loaded: Loaded) -> None:
    crossing = row.crossing
    if is_edited:
        loaded.kept.append(known.slug)
        return
    names = CrossingName.objects.bulk_create(_names_of(known, row, {name.text for name in known.names.all()}))
    changed = bool(names)
    if differing := [name for name in _FIELDS if getattr(known, name) != getattr(crossing, name)]:
        Crossing.objects.filter(pk=known.pk).update(**{name: getattr(crossing, name) for name in differing})
        changed = True
        known.country_a_id, known.country_b_id = crossing.country_a_id, crossing.country_b_id
        if _COUNTRIES.intersection(differing):
            tasks.follow_countries.enqueue(known.pk)
    if _facts_of(known) != row.facts:
        known.facts.filter(kind__in=FACTS.values()).delete()
        CrossingFact.objects.bulk_create(_new_facts(known, row))
        changed = True
    if changed:
        bump(Crossing, known.pk)
    loaded.changed += changed
    loaded.same += not changed


def _facts_of(crossing: Crossing) -> dict[str, str]:
    return {fact.kind: fact.text for fact in crossing.facts.all() if fact.kind in FACTS.values()}


def _names_of(crossing: Crossing, row: Row, known: set[str]) -> list[CrossingName]:
    """Those of the row that it has not yet."""
    return [
        CrossingName(crossing=crossing, text=name, needs_context=name in row.ambiguous)
        for name in row.names
        if name not in known
    ]


def _new_facts(crossing: Crossing, row: Row) -> list[CrossingFact]:
    said = row.crossing
    return [
        CrossingFact(
            crossing=crossing, kind=kind, text=text, as_of=said.as_of, source=said.source, confidence=said.confidence
        )
        for kind, text in row.facts.items()
    ]
