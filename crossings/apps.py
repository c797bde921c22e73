from django.apps import AppConfig


class CrossingsConfig(AppConfig):
    name = "crossings"

    def ready(self) -> None:
        import crossings.demo.receivers
        import crossings.receivers
        import crossings.similar_receivers  # noqa: F401
        from crossings import articles, crawling, desk, kept_countries, link_forms, parts, similar_parts
        from forum import parts as room
        from forum import rerendering, signposts, sitemaps, versions

        room.register_list(parts.of_list)
        room.register_page(parts.of_page)
        room.register_form(link_forms.in_composer)
        versions.register("crossing", ["version", _ON_ITS_MAP], "crossings_crossing WHERE slug = %s")
        versions.register("crossings", ["sum(version)"], "crossings_crossing")
        versions.depends_also("topic", _LINKED)
        similar_parts.register()
        kept_countries.register()
        sitemaps.register("crossings", crawling.pages)
        signposts.register(desk.sign)
        rerendering.register(rerendering.Kind("Articles", lambda: articles.outdated().count(), articles.rerender))


# What cards, notices and report lines show of the crossings that a topic is about.
_LINKED = """(SELECT sum(crossing.version) FROM crossings_crossingtopic link
    JOIN crossings_crossing crossing ON crossing.id = link.crossing_id WHERE link.topic_id = forum_topic.id)"""

# The map of a crossing shows what is told of those near it: at most 200 km to the east and west, 113 to the north and
# south. When one moves or is new, the site's version rises.
_ON_ITS_MAP = """(SELECT sum(near.version) FROM crossings_crossing near
    WHERE abs(near.latitude - crossings_crossing.latitude) < 1.5
    AND abs(near.longitude - crossings_crossing.longitude) < 5)"""
