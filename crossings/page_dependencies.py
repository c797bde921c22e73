"""Which numbers the kept pages of crossings and countries depend on, besides the site's (names, badges, subforums)."""

from pagecache import versions

# Numbers only rise and crossings are never removed, so a sum that stands still says that all of them do.
_CROSSINGS = "(SELECT count(*) + coalesce(sum(version), 0) FROM crossings_crossing"

# What cards, notices and report lines show of the crossings that a topic is about.
_LINKED = """(SELECT sum(crossing.version) FROM crossings_crossingtopic link
    JOIN crossings_crossing crossing ON crossing.id = link.crossing_id WHERE link.topic_id = forum_topic.id)"""

# The map of a crossing shows the status of those near it: at most 200 km to the east and west, 113 to the north and
# south. When one moves or is new, the site's version rises.
_ON_ITS_MAP = """(SELECT sum(near.version) FROM crossings_crossing near
    WHERE abs(near.latitude - crossings_crossing.latitude) < 1.5
    AND abs(near.longitude - crossings_crossing.longitude) < 5)"""


def register() -> None:
    """A country's page shows its article, its crossings, and topics about them wherever they stand in the forum."""
    versions.register("crossing", ["version", _ON_ITS_MAP], "crossings_crossing WHERE slug = %s")
    versions.register("crossings", ["sum(version)"], "crossings_crossing")
    versions.depends_also("topic", _LINKED)
    versions.register("countries", [f"{_CROSSINGS})", "count(*)", "sum(version)"], "crossings_country")
    versions.register(
        "country",
        [
            "version",
            f"{_CROSSINGS} WHERE code IN (country_a_id, country_b_id))",
            "(SELECT sum(version) FROM forum_subforum)",
        ],
        "crossings_country WHERE code = upper(%s)",
    )
