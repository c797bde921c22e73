from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        import moderation.receivers  # noqa: F401
        from forum.extensions import fragments, menu, screeners
        from moderation import menu_links, panels
        from moderation.filters import holds
        from moderation.log import author_notices

        screeners.register(holds.screen)
        fragments.register_page(panels.of_page)
        fragments.register_hidden_topic(author_notices.of_hidden_topic)
        menu.register(menu_links.of_moderators)
        menu.register(menu_links.of_members)
