from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        import notifications.receivers  # noqa: F401
        from crossings import page_fragments
        from forum.extensions import fragments, menu
        from notifications import news_menu, panels

        page_fragments.register(panels.of_crossing)
        fragments.register_home(panels.of_home)
        menu.register(news_menu.of_news)
