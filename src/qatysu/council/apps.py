"""Django's entry for ``council``."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.council"
    label = "council"
    default_auto_field = "django.db.models.BigAutoField"
