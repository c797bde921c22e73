from django.apps import AppConfig


class CrossingsConfig(AppConfig):
    name = "crossings"
