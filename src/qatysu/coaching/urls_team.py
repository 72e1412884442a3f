"""Addresses of a team's room. The words after the number are no names of modules."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.coaching.views import team_module, team_papers, team_room, team_versions

_ROOM = "workspace/<slug:city_slug>/<slug:round_slug>/<slug:code>/"
_MODULE = f"{_ROOM}<slug:module>/"

urlpatterns: list[URLPattern] = [
    path(_ROOM, team_room.room, name="workspace"),
    path(f"{_ROOM}ask/", team_room.ask, name="workspace_ask"),
    path(f"{_ROOM}type/", team_room.choose_type, name="workspace_type"),
    path(f"{_ROOM}type/<slug:slug>/", team_room.guide, name="workspace_guide"),
    path(f"{_ROOM}papers/", team_papers.papers, name="workspace_papers"),
    path(f"{_ROOM}papers/<slug:slug>.<slug:language>.<slug:kind>", team_papers.paper, name="workspace_paper"),
    path(f"{_ROOM}files/<uuid:public_id>/", team_room.room_file, name="workspace_file"),
    path(f"{_ROOM}files/<uuid:public_id>/remove/", team_room.remove_file, name="workspace_file_remove"),
    path(_MODULE, team_module.module, name="workspace_module"),
    path(f"{_MODULE}save/", team_module.autosave, name="workspace_autosave"),
    path(f"{_MODULE}take-back/", team_versions.take_back, name="workspace_take_back"),
    path(f"{_MODULE}versions/", team_versions.versions, name="workspace_versions"),
    path(f"{_MODULE}versions/<int:number>/restore/", team_versions.restore, name="workspace_restore"),
    path(f"{_MODULE}lessons/<slug:slug>/", team_room.lesson, name="workspace_lesson"),
    path(f"{_MODULE}estimate.xlsx", team_versions.estimate_xlsx, name="workspace_estimate_xlsx"),
]
