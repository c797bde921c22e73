from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        import demo.receivers  # noqa: F401 (models must be loaded first)
