"""The types of the records say what the schemas say, field by field."""

import json
import types
import typing
from pathlib import Path
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from streams.records import shapes
from streams.records.shapes import customers

SCHEMAS = Path(__file__).parents[3] / "config" / "schemas"


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return loaded


DECISION, DESIGNATION, COMPARISON = schema("decision"), schema("designation"), schema("comparison")
ALERT = {
    "properties": DECISION["properties"] | schema("alert")["properties"],
    "required": DECISION["required"] + schema("alert")["required"],
}
HIT = DECISION["$defs"]["hit"]
SUPPRESSED = {
    "properties": HIT["properties"] | DECISION["$defs"]["suppressed_hit"]["properties"],
    "required": HIT["required"] + DECISION["$defs"]["suppressed_hit"]["required"],
}
CUSTOMER_ALERT = schema("customer-alert")
DEFS = {
    "#/$defs/hit": HIT,
    "#/$defs/end": DECISION["$defs"]["end"],
    "#/$defs/suppressed_hit": SUPPRESSED,
    "#/$defs/sides": COMPARISON["$defs"]["sides"],
    "#/$defs/change": CUSTOMER_ALERT["$defs"]["change"],
    "decision.schema.json#/properties/event": DECISION["properties"]["event"],
}
DEFS |= {
    f"#/$defs/{name}": {
        "properties": of["properties"] | CUSTOMER_ALERT["$defs"][name]["properties"],
        "required": of["required"] + CUSTOMER_ALERT["$defs"][name]["required"],
    }
    for name, of in (("customer_hit", HIT), ("suppressed_customer_hit", SUPPRESSED))
}


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (shapes.DecisionRecord, DECISION),
        (shapes.AlertRecord, ALERT),
        (shapes.DesignationRecord, DESIGNATION),
        (shapes.MarkerRecord, DESIGNATION["$defs"]["marker"]),
        (shapes.DispositionRecord, schema("disposition")),
        (shapes.ReleaseRecord, schema("disposition")["$defs"]["release"]),
        (shapes.AnswerRecord, schema("answer")),
        (shapes.StopRecord, schema("stop")),
        (shapes.SuggestionRecord, schema("suggestion")),
        (shapes.ComparisonRecord, COMPARISON),
        (customers.CustomerAlertRecord, CUSTOMER_ALERT),
        (customers.CustomerProofRecord, schema("customer-proof")),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_record_has_the_fields_of_its_schema(shape: type, said: dict[str, Any]) -> None:
    assert differences(shape, said, shape.__name__) == []


def differences(shape: type, said: dict[str, Any], at: str) -> list[str]:
    """Fields that only one of the two has, or needs, here and in what it holds."""
    said = DEFS.get(said.get("$ref", ""), said)
    properties, required = said["properties"], set(said.get("required", ()))
    found = [f"{at}.{name}" for name in properties.keys() ^ shape.__annotations__.keys()]
    found += [f"{at}.{name}: required" for name in required ^ set(getattr(shape, "__required_keys__", ()))]
    for name, hint in get_type_hints(shape, include_extras=True).items():
        inner = held(hint)
        if inner is not None and name in properties:
            found += differences(inner, innermost(properties[name]), f"{at}.{name}")
    return found


def innermost(said: dict[str, Any]) -> dict[str, Any]:
    """What a list holds, or an object of open names."""
    while "properties" not in said and "$ref" not in said:
        said = said["items"] if "items" in said else said["additionalProperties"]
    return said


def held(hint: Any) -> type | None:
    """The typed dictionary inside `NotRequired[list[X] | None]` or `dict[str, X]`, if there is one."""
    if is_typeddict(hint):
        return typing.cast(type, hint)
    if get_origin(hint) in (list, dict, NotRequired, Union, types.UnionType):
        return next((inner for each in get_args(hint) if (inner := held(each))), None)
    return None
