"""Addresses of ideas and projects."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.proposals.views import draft, propose, talk, team

ROUND = "<slug:city_slug>/<slug:round_slug>/"
IDEA = "cabinet/ideas/<uuid:token>/"
PROJECT = ROUND + "projects/<str:code>/"

urlpatterns: list[URLPattern] = [
    path(IDEA + "submit/", draft.submit, name="submit_idea"),
    path(IDEA + "photos/add/", draft.add_photos, name="add_photos"),
    path(IDEA + "photos/<int:photo>/", draft.change_photo, name="change_photo"),
    path(IDEA + "team/change/", team.change_team, name="change_team"),
    path(IDEA + "withdraw/", team.withdraw, name="withdraw_idea"),
    path(IDEA + "merge/", team.offer_merge, name="offer_merge"),
    path(IDEA + "<slug:step>/", draft.draft, name="draft"),
    path("cabinet/merges/<int:pk>/", team.merge_consent, name="merge_consent"),
    path("team/<str:token>/", team.join, name="join"),
    path("comments/<int:pk>/report/", talk.report_comment, name="report_comment"),
    path("comments/<int:pk>/judge/", talk.judge_comment, name="judge_comment"),
    path(ROUND + "propose/", propose.propose, name="propose"),
    path(ROUND + "propose/start/", propose.start, name="start_idea"),
    path(ROUND + "propose/similar/", propose.similar, name="similar_ideas"),
    path(ROUND + "propose/on-behalf/", propose.on_behalf, name="file_on_behalf"),
    path(PROJECT + "comment/", talk.comment, name="comment"),
    path(PROJECT + "follow/", talk.follow, name="follow"),
    path(PROJECT + "versions/", talk.versions, name="versions"),
]
