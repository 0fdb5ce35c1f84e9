"""The OpenAPI document is valid JSON, names every path that is served, and its references resolve."""

from typing import Any

import orjson
from jsonschema import Draft202012Validator

from streams.serve.http import DEADLINE_MS, LONGEST_DEADLINE_MS
from streams.serve.openapi import document


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        found = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return found + [each for item in value.values() for each in references(item)]
    return [each for item in value for each in references(item)] if isinstance(value, list) else []


def test_references_resolve_within_the_document() -> None:
    described = document("1.0")
    assert {"#/components/schemas/Decision", "#/components/schemas/Problem"} < set(references(described))
    assert not [each for each in references(described) if not each.startswith("#/components/")]

    for reference in references(described):
        place: Any = described
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert place


def test_schemas_are_json_schema_2020_12_as_openapi_3_1_asks() -> None:
    described = orjson.loads(orjson.dumps(document("1.0")))

    assert described["openapi"].startswith("3.1")
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_the_deadline_that_is_described_is_the_one_that_is_kept() -> None:
    (deadline, *_) = document("1.0")["paths"]["/screen"]["post"]["parameters"]

    assert deadline["name"] == "deadline_ms"
    assert deadline["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": LONGEST_DEADLINE_MS,
        "default": DEADLINE_MS,
    }
