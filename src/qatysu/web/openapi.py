"""The description of the interface for machines, OpenAPI 3.1. A test holds it against the answers."""

from __future__ import annotations

from typing import Any

_INT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_MAYBE_INT = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_TEXT = {"type": ["string", "null"]}
_MAYBE_NUMBER = {"type": ["number", "null"]}

_NAME = {
    "name": "name", "in": "path", "required": True, "description": "City and round, such as khromtau-2020.",
    "schema": {"type": "string", "pattern": r"^[-\w]{3,81}$"},
}


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _read(summary: str, schema: str, missing: str) -> dict[str, Any]:
    return {
        "parameters": [_NAME],
        "get": {
            "summary": summary,
            "operationId": f"read{schema}",
            "security": [],
            "responses": {
                "200": {"description": "The data.", "content": {"application/json": {"schema": _ref(schema)}}},
                "404": {"description": missing, "content": {"application/json": {"schema": _ref("Missing")}}},
            },
        },
    }


SCHEMAS: dict[str, Any] = {
    "Missing": _object(error={"const": "not_found"}, what=_TEXT),
    "Turnout": _object(
        round=_TEXT, voters=_INT, by_channel={"type": "object", "additionalProperties": _INT},
        voting_open={"type": "boolean"}, as_of={"type": "string", "format": "date-time"},
    ),
    "Project": _object(
        code=_TEXT, title=_TEXT, language={"enum": ["kk", "ru", "en"]}, state=_TEXT, category=_MAYBE_TEXT,
        cost_tenge=_MAYBE_INT, address=_TEXT, latitude=_MAYBE_NUMBER, longitude=_MAYBE_NUMBER,
        illustrative={"type": "boolean"},
    ),
    "Projects": _object(round=_TEXT, projects={"type": "array", "items": _ref("Project")}),
    "Line": _object(place=_INT, code=_TEXT, title=_TEXT, votes=_INT, cost_tenge=_INT, verdict=_TEXT),
    "Results": _object(
        round=_TEXT, voters=_INT, ballots=_INT, budget_tenge=_INT, reserve_tenge=_INT, spent_tenge=_INT, digest=_TEXT,
        protocol=_TEXT, published_at={"type": ["string", "null"], "format": "date-time"},
        projects={"type": "array", "items": _ref("Line")},
    ),
}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Qatysu",
        "version": "1",
        "summary": "Reading a participatory budget: turnout, projects, results.",
        "description": "Sealed rounds tell turnout only until the results are published. Money is whole tenge.",
        "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    },
    "servers": [{"url": "/api/v1"}],
    "paths": {
        "/rounds/{name}/turnout": _read("How many people have voted", "Turnout", "No such public round."),
        "/rounds/{name}/projects": _read("Proposals and projects", "Projects", "No such public round."),
        "/rounds/{name}/results": _read("The published outcome", "Results", "No such public round, or not published yet."),
    },
    "components": {"schemas": SCHEMAS},
}
