from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        import moderation.receivers  # noqa: F401
        from forum import screening as room
        from forum import signposts
        from moderation import screening, signs

        room.register(screening.screen)
        signposts.register(signs.of_moderators)
