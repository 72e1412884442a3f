"""Django's entry for ``ballots``."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.ballots"
    label = "ballots"
    default_auto_field = "django.db.models.BigAutoField"
