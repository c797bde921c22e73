from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        import notifications.receivers  # noqa: F401
        from crossings import page_parts
        from notifications import parts

        page_parts.register(parts.of_crossing)
