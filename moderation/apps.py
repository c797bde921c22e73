from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        import moderation.receivers  # noqa: F401
        from forum.extensions import fragments, menu, screeners
        from moderation import menu_links, panels
        from moderation.filters import holds, profile_texts
        from moderation.log import author_notices

        screeners.register(holds.screen)
        screeners.register_profile(profile_texts.refusal_of)
        fragments.register_page(panels.of_page)
        fragments.register_member(panels.of_member)
        fragments.register_note(panels.of_composer)
        fragments.register_hidden_topic(author_notices.of_hidden_topic)
        fragments.register_hidden_post(author_notices.of_hidden_post)
        menu.register(menu_links.of_moderators)
        menu.register(menu_links.of_members)
