"""Django's entry for ``places``."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Registers the package."""

    name = "qatysu.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
