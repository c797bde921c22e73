from django.apps import AppConfig


class CrossingsConfig(AppConfig):
    name = "crossings"

    def ready(self) -> None:
        import crossings.receivers
        import crossings.similar.receivers  # noqa: F401
        from crossings import sitemap
        from crossings.freshness import desk
        from crossings.links import forms, panels
        from crossings.overview.panels import of_home
        from crossings.reports import passports
        from crossings.similar.panels import register
        from forum.extensions import fragments, menu, sitemaps

        fragments.register_list(panels.of_list)
        fragments.register_home(of_home)
        fragments.register_page(panels.of_page)
        fragments.register_member(passports.of_member)
        fragments.register_form(forms.in_composer)
        register()
        sitemaps.register("crossings", sitemap.pages)
        menu.register(desk.sign)
