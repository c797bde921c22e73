from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        import moderation.demo
        import moderation.receivers  # noqa: F401
        from forum import parts as room
        from forum import screening as gate
        from forum import signposts
        from moderation import parts, screening, signs

        gate.register(screening.screen)
        room.register_page(parts.of_page)
        signposts.register(signs.of_moderators)
        signposts.register(signs.of_members)
