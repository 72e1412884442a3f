"""People of a round, and invitations to a role."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.web.views import people

STUDIO = "studio/<slug:city_slug>/<slug:round_slug>/people/"
urlpatterns: list[URLPattern] = [
    path(STUDIO, people.people, name="people"),
    path(f"{STUDIO}<int:membership_id>/end/", people.end_membership, name="end_membership"),
    path("invitation/<str:token>/", people.invitation, name="invitation"),
    path("invitation/<str:token>/accept/", people.accept_invitation, name="accept_invitation"),
]
