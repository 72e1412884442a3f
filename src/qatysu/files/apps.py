"""Django's entry for ``files``."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
