from django.apps import AppConfig, apps
from django.db.models.signals import pre_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import renamed_modules  # what it imports needs the models of all apps
        from config.backup import half_restored
        from config.checklist import panels
        from config.database import rights
        from forum.extensions import fragments

        renamed_modules.install()
        fragments.register_staff(panels.of_staff)
        pre_migrate.connect(
            half_restored.refuse, sender=apps.get_app_config("moderation"), dispatch_uid="half_restored"
        )
        rights.apply_after_migrations(apps.get_app_config("moderation"))
