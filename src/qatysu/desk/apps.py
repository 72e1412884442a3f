"""Django's entry for ``desk``."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
