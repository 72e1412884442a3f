"""Django's entry for ``web``."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.web"
    label = "web"
