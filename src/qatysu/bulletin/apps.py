"""Django's entry for ``bulletin``."""

from django.apps import AppConfig


class BulletinConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.bulletin"
    label = "bulletin"
    default_auto_field = "django.db.models.BigAutoField"
