"""Addresses of the Council: members' pages below ``council/``, the team's appeal, and what everybody reads."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.council.views import council, matters, meetings, protocols

_ROUND = "council/<slug:city_slug>/<slug:round_slug>/"
_MEETING = f"{_ROUND}meetings/<int:number>/"
_PUBLIC = "<slug:city_slug>/<slug:round_slug>/council/"

urlpatterns: list[URLPattern] = [
    path("council/", council.councils, name="councils"),
    path(_ROUND, council.council, name="council"),
    path(f"{_ROUND}seats/", council.seats, name="council_seats"),
    path(f"{_ROUND}checklist/", council.checklist, name="council_checklist"),
    path(f"{_ROUND}meetings/new/", meetings.new_meeting, name="council_meeting_new"),
    path(_MEETING, meetings.meeting, name="council_meeting"),
    path(f"{_MEETING}meeting.ics", meetings.calendar, name="council_calendar"),
    path(f"{_MEETING}protocol/", protocols.protocol, name="council_protocol"),
    path(f"{_MEETING}protocol/text.json", protocols.protocol_text, name="council_protocol_text"),
    path(f"{_MEETING}protocol/<slug:language>.<slug:kind>", protocols.protocol_file, name="council_protocol_file"),
    path(f"{_MEETING}protocol/signatures/<int:seat>/", protocols.signature_file, name="council_signature"),
    path(f"{_ROUND}matters/<int:number>/", matters.matter, name="council_matter"),
    path(f"{_ROUND}appeals/<slug:code>/", matters.appeal, name="council_appeal"),
    path(_PUBLIC, protocols.public_council, name="public_council"),
    path(f"{_PUBLIC}protocols/<int:pk>/", protocols.public_protocol, name="public_protocol"),
    path(f"{_PUBLIC}protocols/<int:pk>/text.json", protocols.public_text, name="public_protocol_text"),
    path(f"{_PUBLIC}protocols/<int:pk>/<slug:language>.<slug:kind>", protocols.public_file, name="public_protocol_file"),
]
