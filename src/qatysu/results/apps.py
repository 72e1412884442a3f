"""Django's entry for ``results``."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.results"
    label = "results"
    default_auto_field = "django.db.models.BigAutoField"
