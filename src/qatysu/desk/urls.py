"""Addresses of ``desk``: the staff's below desk/, everybody's help pages below the city's and by private link."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.desk.views import inbox, keeping, public, thread

_DESK = "desk/<slug:city_slug>/"

urlpatterns: list[URLPattern] = [
    path("desk/", inbox.desks, name="desks"),
    path(_DESK, inbox.inbox, name="desk"),
    path(f"{_DESK}new/", inbox.new, name="desk_new"),
    path(f"{_DESK}hours/", keeping.hours, name="desk_hours"),
    path(f"{_DESK}hours/day/", keeping.special_day, name="desk_day"),
    path(f"{_DESK}answers/", keeping.canned, name="desk_canned"),
    path(f"{_DESK}answers/<int:pk>/", keeping.canned_one, name="desk_canned_one"),
    path(f"{_DESK}faq/", keeping.faq, name="desk_faq"),
    path(f"{_DESK}faq/<int:pk>/", keeping.faq_one, name="desk_faq_one"),
    path(f"{_DESK}statistics/", keeping.statistics, name="desk_statistics"),
    path(f"{_DESK}assisted/", keeping.assisted, name="desk_assisted"),
    path(f"{_DESK}<int:pk>/", thread.thread, name="desk_thread"),
    path(f"{_DESK}<int:pk>/files/<uuid:public_id>/", thread.file, name="desk_file"),
    path("cabinet/questions/", public.questions, name="my_questions"),
    path("cabinet/questions/<int:pk>/", public.question, name="my_question"),
    path("cabinet/questions/<int:pk>/files/<uuid:public_id>/", public.question_file, name="my_question_file"),
    path("cabinet/questions/<slug:city_slug>/<slug:round_slug>/<slug:code>/", public.ask_of_team, name="ask_of_team"),
    path("help/<slug:token>/", public.private, name="help_thread"),
    path("help/<slug:token>/files/<uuid:public_id>/", public.private_file, name="help_file"),
    path("<slug:city_slug>/help/", public.help_page, name="help"),
]
