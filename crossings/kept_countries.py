"""Which numbers the kept pages of countries depend on, besides the site's (names of members, badges, subforums)."""

from forum import versions

# Numbers only rise and crossings are never removed, so a sum that stands still says that all of them do.
_CROSSINGS = "(SELECT count(*) + coalesce(sum(version), 0) FROM crossings_crossing"


def register() -> None:
    """A country's page shows its article, its crossings, and topics about them wherever they stand in the forum."""
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
