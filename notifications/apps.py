from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        import notifications.receivers  # noqa: F401
        from crossings import page_fragments
        from forum.extensions import menu
        from notifications import news_menu, panels

        page_fragments.register(panels.of_crossing)
        menu.register(news_menu.of_news)
