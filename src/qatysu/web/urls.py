"""All addresses. Each package lists its own in ``urls.py``; order matters where a city slug could swallow a name."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from qatysu.web.views import errors

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.fault

urlpatterns = [
    path("", include("qatysu.web.urls_plain")),
    *i18n_patterns(
        # First, because it is the path that must be quick; its endings (ballot/, receipt/, …) are nobody else's.
        path("", include("qatysu.ballots.urls")),
        path("", include("qatysu.web.urls_cabinet")),
        path("", include("qatysu.web.urls_people")),
        path("", include("qatysu.proposals.urls")),
        path("", include("qatysu.desk.urls")),
        path("", include("qatysu.coaching.urls")),
        path("", include("qatysu.council.urls")),
        path("", include("qatysu.documents.urls")),
        path("", include("qatysu.web.urls_studio")),
        path("", include("qatysu.web.urls_public")),
        prefix_default_language=True,
    ),
]
