"""Django's entry for ``coaching``."""

from django.apps import AppConfig


class CoachingConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.coaching"
    label = "coaching"
    default_auto_field = "django.db.models.BigAutoField"
