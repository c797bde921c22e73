from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Models must be loaded first.
        import accounts.receivers
        import accounts.signin.receivers
        import accounts.social.receivers  # noqa: F401
