from django.apps import AppConfig


class CrossingsConfig(AppConfig):
    name = "crossings"

    def ready(self) -> None:
        import crossings.demo.receivers
        import crossings.receivers
        import crossings.similar_receivers  # noqa: F401
        from crossings import kept_countries, link_forms, parts, similar_parts
        from forum import parts as room
        from forum import versions

        room.register_list(parts.of_list)
        room.register_page(parts.of_page)
        room.register_form(link_forms.in_composer)
        versions.register("crossing", ["version"], "crossings_crossing WHERE slug = %s")
        versions.register("crossings", ["sum(version)"], "crossings_crossing")
        versions.depends_also("topic", _LINKED)
        similar_parts.register()
        kept_countries.register()


# What cards, notices and report lines show of the crossings that a topic is about.
_LINKED = """(SELECT sum(crossing.version) FROM crossings_crossingtopic link
    JOIN crossings_crossing crossing ON crossing.id = link.crossing_id WHERE link.topic_id = forum_topic.id)"""
