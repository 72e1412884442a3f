"""Addresses without a language: for machines."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from qatysu.web.views import api, appearance, health, log_files

#: Public files of a log: the prefix of C2SP tlog-tiles.
LOG = "log/<slug:name>/"
ROUND = r"^api/v1/rounds/(?P<name>[-\w]{3,81})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qatysu.proposals.urls_files")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_text, name="metrics"),
    path("robots.txt", appearance.robots, name="robots"),
    path("theme/", appearance.theme, name="theme"),
    path("brand/<slug:city_slug>.css", appearance.brand, name="brand"),
    path(f"{LOG}log.zip", log_files.archive, name="log_archive"),
    path(f"{LOG}policy", log_files.policy, name="log_policy"),
    path(f"{LOG}verify.py", log_files.beside, {"file": "verify.py"}, name="log_program"),
    path(f"{LOG}saved.html", log_files.beside, {"file": "saved.html"}, name="log_saved_page"),
    path(f"{LOG}<path:path>", log_files.log_file, name="log_file"),
    path("api/v1/openapi.json", api.openapi, name="api_openapi"),
    re_path(ROUND + r"/turnout$", api.turnout, name="api_turnout"),
    re_path(ROUND + r"/projects$", api.projects, name="api_projects"),
    re_path(ROUND + r"/results$", api.results, name="api_results"),
    re_path(ROUND + r"/results\.pb$", api.results_pb, name="results_pb"),
    re_path(ROUND + r"/results\.csv$", api.results_csv, name="results_csv"),
    re_path(ROUND + r"/bundle\.zip$", log_files.results_bundle, name="results_bundle"),
]
