from django.apps import AppConfig


class CrossingsConfig(AppConfig):
    name = "crossings"

    def ready(self) -> None:
        import crossings.receivers  # noqa: F401
