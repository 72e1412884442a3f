"""Django's entry for ``ui``."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.ui"
    label = "ui"
