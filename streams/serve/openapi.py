"""The OpenAPI 3.1 document of `interdict serve`, made from the schemas of the topics."""

from importlib.resources import files
from typing import Any

import orjson

from screening.designations import Kind

PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do about it."},
    },
}
"""RFC 9457."""
NAME = {"type": "string", "minLength": 1, "maxLength": 1000, "pattern": r"[^\s\x00-\x1f]"}
"""Not blank."""
STATUSES = {
    "400": "the request cannot be read",
    "401": "the token is missing or wrong",
    "404": "not on any list in force",
    "408": "the body did not come before the deadline",
    "413": "larger than is read",
    "415": "compressed, or encoded otherwise",
    "422": "a parameter is missing or wrong",
    "429": "asked too often; Retry-After says when to ask again",
    "500": "the server failed; hold the payment",
    "503": "no payment may be decided now, or its decision was not recorded; the detail says why",
    "504": "not decided before the deadline; hold the payment",
}


def document(version: str) -> dict[str, Any]:
    """The whole document; `version` is the product's."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Interdict",
            "version": version,
            "description": "Screens payments against the sanctions lists in force.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}],
        "paths": {
            "/screen": {"post": _screen()},
            "/match": {"get": _match()},
            "/designations/{id}": {"get": _designation()},
            "/ready": {"get": _probe("whether payments may be decided, and if not, why", ("503",))},
            "/live": {"get": _probe("that the process runs", ())},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": PROBLEM, **_decision()},
        },
    }


def _screen() -> dict[str, Any]:
    text = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
    return {
        "operationId": "screen",
        "summary": "Decide a payment",
        "description": (
            "Any format that a worker reads; the content type says which, or it is found out. One decision "
            "for each payment inside. The same payment under the same list gets the same decision_id again."
        ),
        "parameters": [
            _query("deadline_ms", {"type": "integer", "minimum": 1, "maximum": 60000, "default": 5000}),
            _query("record", {"type": "boolean", "default": False}),
        ],
        "requestBody": {
            "required": True,
            "content": dict.fromkeys(("application/json", "application/xml", "text/plain"), text),
        },
        "responses": {
            "200": _json(
                "the decisions, in the payments' order",
                {
                    "type": "object",
                    "required": ["decisions"],
                    "properties": {
                        "decisions": {"type": "array", "items": {"$ref": "#/components/schemas/Decision"}}
                    },
                },
            ),
            **_problems("400", "401", "408", "413", "415", "422", "429", "503", "504"),
        },
    }


def _match() -> dict[str, Any]:
    return {
        "operationId": "match",
        "summary": "Match one name",
        "parameters": [
            _query("name", NAME, required=True),
            _query("kind", {"type": "string", "enum": [str(kind) for kind in Kind]}),
        ],
        "responses": {
            "200": _json(
                "the hits, best first",
                {
                    "type": "object",
                    "required": ["hits"],
                    "properties": {"hits": {"type": "array", "items": {"type": "object"}}},
                },
            ),
            **_problems("401", "422", "429", "503"),
        },
    }


def _designation() -> dict[str, Any]:
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": "designation",
        "summary": "One designation in force",
        "parameters": [place],
        "responses": {
            "200": _json(
                "all that its list says of it, and the fingerprint that a disposition names",
                {"type": "object", "required": ["id", "name", "names", "programs", "fingerprint"]},
            ),
            **_problems("401", "404", "429", "503"),
        },
    }


def _probe(says: str, problems: tuple[str, ...]) -> dict[str, Any]:
    answers = {status: _json(STATUSES[status], {"type": "object"}) for status in problems}
    return {
        "summary": says,
        "security": [],
        "responses": {"200": _json("yes", {"type": "object"}), **answers},
    }


def _query(name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problems(*statuses: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": STATUSES[status], "content": {"application/problem+json": schema}}
        for status in statuses
    }


def _decision() -> dict[str, Any]:
    """The decisions topic's own schema and its parts, each a schema of this document under its title."""
    schema: dict[str, Any] = orjson.loads((files("config") / "schemas" / "decision.schema.json").read_bytes())
    whole = {key: value for key, value in schema.items() if key not in ("$schema", "$id", "$defs")}
    parts = {"Decision": whole} | {_title(name): part for name, part in schema["$defs"].items()}
    named: dict[str, Any] = _renamed(parts)
    return named


def _renamed(value: Any) -> Any:
    """The same with every reference to a part of its own pointed to where that stands in this document."""
    if isinstance(value, dict):
        return {key: _place(each) if key == "$ref" else _renamed(each) for key, each in value.items()}
    return [_renamed(each) for each in value] if isinstance(value, list) else value


def _place(reference: str) -> str:
    return f"#/components/schemas/{_title(reference.removeprefix('#/$defs/'))}"


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
