"""Addresses of talk, tasks, events, quizzes and certificates.

They come before the addresses of modules: talk, tasks and events are no names of modules.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.coaching.views import talk_centre_events, talk_certificates, talk_events, talk_notes, talk_quiz, talk_tasks

_ROUND = "<slug:city_slug>/<slug:round_slug>/"
_ROOM = f"workspace/{_ROUND}<slug:code>/"
_EVENTS = f"centre/{_ROUND}events/"

urlpatterns: list[URLPattern] = [
    path(f"{_ROOM}talk/", talk_notes.talk, name="workspace_talk"),
    path(f"{_ROOM}talk/note/", talk_notes.note, name="workspace_note"),
    path(f"{_ROOM}talk/seen/", talk_notes.seen, name="workspace_seen"),
    path(f"{_ROOM}tasks/", talk_tasks.tasks, name="workspace_tasks"),
    path(f"{_ROOM}tasks/<int:pk>/", talk_tasks.task, name="workspace_task"),
    path(f"{_ROOM}tasks/of-remark/<int:pk>/", talk_tasks.task_of_remark, name="workspace_remark_task"),
    path(f"{_ROOM}events/", talk_events.events, name="workspace_events"),
    path(f"{_ROOM}events/<int:pk>.ics", talk_events.event_file, name="workspace_event_file"),
    path(f"{_ROOM}events/<int:pk>/here/", talk_events.attend, name="workspace_attend"),
    path("calendar/<slug:token>.ics", talk_events.feed, name="calendar_feed"),
    path(_EVENTS, talk_centre_events.events, name="centre_events"),
    path(f"{_EVENTS}new/", talk_centre_events.new_event, name="centre_event_new"),
    path(f"{_EVENTS}<int:pk>/", talk_centre_events.event, name="centre_event"),
    path(f"{_EVENTS}<int:pk>/cancel/", talk_centre_events.cancel, name="centre_event_cancel"),
    path(f"{_EVENTS}<int:pk>/attendance/", talk_centre_events.attendance, name="centre_event_attendance"),
    path(f"{_ROOM}<slug:module>/quiz/", talk_quiz.quiz, name="workspace_quiz"),
    path(f"centre/{_ROUND}certificates/", talk_certificates.certificates, name="centre_certificates"),
    path("cabinet/certificates/<int:pk>/<slug:language>.pdf", talk_certificates.certificate_pdf, name="certificate_pdf"),
    path(f"{_ROUND}certificates/<int:number>/", talk_certificates.check, name="certificate_check"),
]
