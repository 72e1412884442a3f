"""Django's entry for ``proposals``."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.proposals"
    label = "proposals"
    default_auto_field = "django.db.models.BigAutoField"
