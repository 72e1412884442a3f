"""The description of the interface for machines, OpenAPI 3.1. A test holds it against the answers."""

from __future__ import annotations

from typing import Any

from qatysu.rules import registry
from qatysu.rules.model import Reason, Verdict

_INT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_MAYBE_INT = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
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


def _file(summary: str, name: str, content_type: str) -> dict[str, Any]:
    missing = {"application/json": {"schema": _ref("Missing")}}
    return {
        "parameters": [_NAME],
        "get": {
            "summary": summary,
            "operationId": f"download{name}",
            "security": [],
            "responses": {
                "200": {"description": "The file.", "content": {content_type: {"schema": _TEXT}}},
                "404": {"description": "No such public round, or not published yet.", "content": missing},
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
    "Sentence": _object(kk=_TEXT, ru=_TEXT, en=_TEXT),
    "Tie": _object(
        projects=_TEXTS, key=_TEXT, phase=_TEXT, decisive={"type": "boolean"}, settled_by=_TEXT, proved={"type": "boolean"},
    ),
    "Decision": _object(order=_TEXTS, reason=_TEXT),
    "Line": _object(
        place=_INT, code=_TEXT, title=_TEXT, votes=_INT, score=_INT, cost_tenge=_INT,
        verdict={"enum": [verdict.value for verdict in Verdict]}, reason={"enum": [reason.value for reason in Reason]},
        key=_MAYBE_TEXT | {"description": "What the rule compared, an exact fraction such as 7/3."},
        missing_votes=_INT, missing_tenge=_INT, explanation=_ref("Sentence"),
    ),
    "Results": _object(
        round=_TEXT, voters=_INT, ballots=_INT, budget_tenge=_INT, reserve_tenge=_INT, spent_tenge=_INT,
        rule={"enum": list(registry.names())}, params={"type": "object", "additionalProperties": _TEXT},
        winners=_TEXTS | {"description": "Codes in the order of selection."}, extra=_TEXTS,
        ties={"type": "array", "items": _ref("Tie")}, decisions={"type": "array", "items": _ref("Decision")},
        imported={"type": "boolean"}, digest=_TEXT,
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
        "/rounds/{name}/results.pb": _file("The election with its ballots, to count again (Pabulib)", "Pb", "text/plain"),
        "/rounds/{name}/bundle.zip": _file("Everything to run the count again: log, rules, programs", "Bundle", "application/zip"),
        "/rounds/{name}/results.csv": _file("Projects with votes, cost and verdict", "Csv", "text/csv"),
    },
    "components": {"schemas": SCHEMAS},
}
