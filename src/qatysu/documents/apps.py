"""Django's entry for ``documents``."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
