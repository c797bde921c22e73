from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        import moderation.receivers  # noqa: F401
        from forum import screening as room
        from moderation import screening

        room.register(screening.screen)
