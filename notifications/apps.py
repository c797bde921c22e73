from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        import notifications.receivers  # noqa: F401
        from crossings import page_parts
        from forum import signposts
        from notifications import parts, signs

        page_parts.register(parts.of_crossing)
        signposts.register(signs.of_news)
