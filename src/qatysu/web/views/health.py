"""For machines: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from qatysu.identity.access import public
from qatysu.web import metrics

PLAIN = "text/plain; charset=utf-8"


@public
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing about the database."""
    return HttpResponse("ok\n", content_type=PLAIN)


@public
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its tables are those of this program, 503 otherwise."""
    try:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return HttpResponse("ready\n", content_type=PLAIN)
        reason = "migrations are missing"
    except DatabaseError:
        reason = "the database does not answer"
    return HttpResponse(f"{reason}\n", content_type=PLAIN, status=503, headers={"Retry-After": "5"})


@public
@never_cache
def metrics_text(_request: HttpRequest) -> HttpResponse:
    """Prometheus text. Turnout per public round, never a count of a project."""
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
