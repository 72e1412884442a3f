"""Django's entry for ``audit``."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
