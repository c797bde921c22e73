from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import renamed_modules  # what it imports needs the models of all apps

        renamed_modules.install()
