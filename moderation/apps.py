from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        import moderation.receivers  # noqa: F401
        from forum.extensions import fragments, menu, screeners
        from moderation import menu_links, panels
        from moderation.filters import holds

        screeners.register(holds.screen)
        fragments.register_page(panels.of_page)
        menu.register(menu_links.of_moderators)
        menu.register(menu_links.of_members)
