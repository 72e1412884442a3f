"""Addresses of the Project Centre, of specialists' links and of the files of lessons."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.coaching.views import (
    centre_advice,
    centre_board,
    centre_files,
    centre_review,
    centre_specialist,
    centre_team,
)

_ROUND = "<slug:city_slug>/<slug:round_slug>/"
_CENTRE = f"centre/{_ROUND}"
_TEAM = f"{_CENTRE}teams/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("centre/", centre_board.centre, name="centre"),
    path(_CENTRE, centre_board.board, name="centre_board"),
    path(f"{_CENTRE}install/", centre_board.install, name="centre_install"),
    path(_TEAM, centre_team.team, name="centre_team"),
    path(f"{_TEAM}coach/", centre_team.assign, name="centre_assign"),
    path(f"{_TEAM}leave/", centre_team.dropout, name="centre_dropout"),
    path(f"{_TEAM}ready/", centre_team.ready, name="centre_ready"),
    path(f"{_TEAM}opinion/", centre_advice.opinion, name="centre_opinion"),
    path(f"{_TEAM}invite/", centre_advice.invite, name="centre_invite"),
    path(f"{_TEAM}invite/<int:pk>/revoke/", centre_advice.revoke, name="centre_revoke"),
    path(f"{_TEAM}translate/<slug:target>/", centre_advice.translate, name="centre_translate"),
    # Last: the words above are no names of modules.
    path(f"{_TEAM}<slug:module>/", centre_review.review, name="centre_review"),
    path("opinion/<slug:token>/", centre_specialist.opinion, name="opinion"),
    path("opinion/<slug:token>/files/<uuid:public_id>/", centre_specialist.opinion_file, name="opinion_file"),
    path(f"{_ROUND}lessons/files/<uuid:public_id>/", centre_files.lesson_file, name="lesson_file"),
]
