"""Addresses of the organisers. ``new`` and ``edit`` are words that no city and no round may take."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.web.views import (
    studio,
    studio_amend,
    studio_calendar,
    studio_categories,
    studio_city,
    studio_motions,
    studio_proposals,
    studio_results,
    studio_rounds,
    studio_rules,
    studio_vote,
)

_CITY = "studio/<slug:city_slug>/"
_ROUND = f"{_CITY}<slug:round_slug>/"

urlpatterns: list[URLPattern] = [
    path("studio/", studio.studio, name="studio"),
    path("studio/new/", studio_city.new_city, name="studio_city_new"),
    path(f"{_CITY}edit/", studio_city.city, name="studio_city"),
    path(f"{_CITY}new/", studio_rounds.new_round, name="studio_round_new"),
    path(_ROUND, studio.dashboard, name="studio_round"),
    path(f"{_ROUND}basics/", studio_rounds.basics, name="studio_basics"),
    path(f"{_ROUND}money/", studio_rounds.money, name="studio_money"),
    path(f"{_ROUND}rules/", studio_rules.rules, name="studio_rules"),
    path(f"{_ROUND}categories/", studio_categories.categories, name="studio_categories"),
    path(f"{_ROUND}calendar/", studio_calendar.calendar, name="studio_calendar"),
    path(f"{_ROUND}calendar/<slug:stage>/<slug:kind>/", studio_calendar.act, name="studio_calendar_act"),
    path(f"{_ROUND}check/", studio.check, name="studio_check"),
    path(f"{_ROUND}publish/", studio.publish, name="studio_publish"),
    path(f"{_ROUND}copy/", studio_rounds.copy, name="studio_copy"),
    path(f"{_ROUND}proposals/", studio_proposals.board, name="studio_proposals"),
    path(f"{_ROUND}proposals/<slug:code>/", studio_proposals.proposal, name="studio_proposal"),
    path(f"{_ROUND}proposals/<slug:code>/merge/", studio_proposals.merge, name="studio_merge"),
    path(f"{_ROUND}proposals/<slug:code>/translate/<slug:language>/", studio_proposals.translate, name="studio_translate"),
    path(f"{_ROUND}moderation/", studio_proposals.moderation, name="studio_moderation"),
    path(f"{_ROUND}moderation/<int:comment_id>/", studio_proposals.moderate, name="studio_moderate"),
    path(f"{_ROUND}slate/", studio_vote.slate, name="studio_slate"),
    path(f"{_ROUND}slate/freeze/", studio_vote.freeze, name="studio_freeze"),
    path(f"{_ROUND}codes/", studio_vote.codes, name="studio_codes"),
    path(f"{_ROUND}voting/", studio_vote.voting, name="studio_voting"),
    path(f"{_ROUND}motions/", studio_motions.motions, name="studio_motions"),
    path(f"{_ROUND}motions/ballot/", studio_motions.annul, name="studio_motion_annul"),
    path(f"{_ROUND}motions/keys/", studio_motions.keys, name="studio_motion_keys"),
    path(f"{_ROUND}motions/rules/", studio_amend.amend, name="studio_motion_rules"),
    path(f"{_ROUND}motions/project/", studio_motions.project_out, name="studio_motion_project"),
    path(f"{_ROUND}motions/<int:number>/", studio_motions.motion, name="studio_motion"),
    path(f"{_ROUND}results/", studio_results.results, name="studio_results"),
    path(f"{_ROUND}trail/", studio.trail, name="studio_trail"),
]
