"""Django's entry for ``outbox``."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
