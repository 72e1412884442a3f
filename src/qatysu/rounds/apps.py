"""Django's entry for ``rounds``."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.rounds"
    label = "rounds"
    default_auto_field = "django.db.models.BigAutoField"
