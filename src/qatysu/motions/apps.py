"""Django's entry for ``motions``."""

from django.apps import AppConfig


class MotionsConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.motions"
    label = "motions"
    default_auto_field = "django.db.models.BigAutoField"
