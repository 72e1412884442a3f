"""Django's entry for ``identity``."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"
