"""Django's entry for ``tally``."""

from django.apps import AppConfig


class TallyConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.tally"
    label = "tally"
    default_auto_field = "django.db.models.BigAutoField"
