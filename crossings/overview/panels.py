"""The fragments that crossings add to the home page: the same for everybody, built once for all readers."""

from accounts.readers import Reader
from crossings.overview import queries
from crossings.overview.rows import Overview
from forum.extensions.fragments import HomeParts, Part
from pagecache.store import Store
from pagecache.versions import Question, read_versions


def of_home(reader: Reader) -> HomeParts:
    """The search, what changed, reports and closures; nothing on a site without crossings."""
    versions = read_versions(Question("borders")) or ()
    overview = _kept.get_or_make(versions, lambda: queries.read(versions[-1]))
    if not overview.tally:
        return HomeParts()
    parts = HomeParts(head=[_part("head", overview, versions)])
    if overview.changes or overview.reports:
        parts.main.append(_part("news", overview, versions))
    if overview.closures:
        parts.side.append(_part("closures", overview, versions))
    return parts


# By the versions of crossings: a reply in the forum does not end it.
_kept: Store[tuple, Overview] = Store(max_items=2)


def _part(name: str, overview: Overview, versions: tuple) -> Part:
    return {"template": f"crossings/overview/_{name}.html", "overview": overview, "key": versions}
