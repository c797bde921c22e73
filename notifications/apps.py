from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        import notifications.feeds.receivers
        import notifications.letters.returned.webhooks
        import notifications.receivers  # noqa: F401
        from crossings import page_fragments
        from forum.extensions import fragments
        from forum.extensions.menu import register
        from notifications.news.bell import of_news
        from notifications.watches import panels

        page_fragments.register(panels.of_crossing)
        fragments.register_home(panels.of_home)
        fragments.register_head(panels.of_head)
        fragments.register_member(panels.of_member)
        register(of_news)
        register(panels.of_member_menu)
