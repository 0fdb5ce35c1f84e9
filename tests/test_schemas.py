"""The shipped JSON Schemas and the AsyncAPI document, against what the code really reads and emits."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from screening import Designation, Kind, Name, NameType, Policy, Quality, Screener, decode_payment
from screening.cases.dispositions import Disposition, Verdict
from screening.decisions import ListState, ListVersion, Reason
from screening.designations import Address, DateRange, Gender, Identifier, Link
from screening.hits.by_resubmission import stopped_by, with_resubmissions
from screening.payments import FORMATS, PaymentError, PaymentProblem, Role
from screening.policy.embargoes import Embargo
from screening.policy.rules import Action
from streams.kafka import topics
from streams.records.dead_letters import replaced
from streams.records.headers import dead_letter_headers
from streams.records.json import (
    Origin,
    alert_to_json,
    decision_to_json,
    designation_to_json,
    disposition_to_json,
    marker_from_json,
    registry_to_json,
)
from tests import official

Checked = TypeVar("Checked")

CONFIG = Path(__file__).parents[1] / "config"
SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in (CONFIG / "schemas").glob("*.schema.json")
}
REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
ASYNCAPI = yaml.safe_load((CONFIG / "asyncapi.yaml").read_text(encoding="utf-8"))

NOW = datetime(2023, 8, 17, 9, 30, tzinfo=UTC)
FULL = Designation(
    id="ofac:44521",
    names=(Name("VERSOR S.R.O.", NameType.PRIMARY), Name("Versor", NameType.AKA, Quality.WEAK)),
    kind=Kind.ORGANIZATION,
    programs=("RUSSIA-EO14024",),
    identifiers=(Identifier("registration", "36000001", "SK", "ICO"), Identifier("bic", "MELIIRTH")),
    birth_dates=(DateRange(date(1968, 1, 1), date(1968, 12, 31), circa=True),),
    birth_places=("Minsk",),
    countries=("SK",),
    gender=Gender.MALE,
    addresses=(Address("1 Street", "Bratislava", "BA", "81101", "SK"),),
    links=(Link("Ashot Mkrtychev", "owner", "ofac:41563", 51.0),),
    listed_on=date(2023, 8, 16),
    remarks="sample",
)
HIT = {
    "id": "P-1",
    "time": "2023-08-17T09:30:00Z",
    "amount": "12.50",
    "parties": [
        {"role": "creditor", "name": "Versor s.r.o.", "country": "IR"},
        {"role": "creditor_agent", "bic": "MELIIRTHXXX"},
    ],
    "remittance": ["INV 4471"],
}


def errors(name: str, record: Any, definition: str = "") -> list[str]:
    """What a record breaks of a schema: paths and messages."""
    schema = {"$ref": f"{name}.schema.json{definition}"}
    validator = Draft202012Validator(schema, registry=REGISTRY, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(record)]


def undocumented(
    schema: Mapping[str, Any], record: Any, root: Mapping[str, Any], at: str = "$"
) -> Iterator[str]:
    """Keys of a record that its schema does not name: new fields that nobody has written down."""
    if ref := schema.get("$ref"):
        target = SCHEMAS["decision"] if ".schema.json" in ref else root["$defs"][ref.rpartition("/")[2]]
        schema = {**target, **schema, "properties": {**target["properties"], **schema.get("properties", {})}}
        root = root if ref.startswith("#") else target
    if isinstance(record, dict):
        for key, value in record.items():
            below = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
            if below is None:
                yield f"{at}.{key}"
            else:
                yield from undocumented(below, value, root, f"{at}.{key}")
    elif isinstance(record, list) and "items" in schema:
        for number, item in enumerate(record):
            yield from undocumented(schema["items"], item, root, f"{at}[{number}]")


def check(name: str, raw: bytes) -> dict[str, Any]:
    return check_record(name, json.loads(raw))


def check_record(name: str, record: Checked) -> Checked:
    assert errors(name, record) == []
    assert list(undocumented(SCHEMAS[name], record, SCHEMAS[name])) == []
    return record


def screener() -> Screener:
    found = Screener(Policy(embargoes=(Embargo("IR", "Iran", countries=("IR",)),)))
    found.upsert(FULL)
    found.lists = ListState({"ofac": ListVersion("2023-08-16", 1, "0" * 64)}, {0: 18231})
    return found


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    assert len(names) == len({*names}), sorted(name for name in names if names.count(name) > 1)
    return dict(pairs)


class _OnceLoader(yaml.SafeLoader):  # type: ignore[misc]  # yaml ships no types
    """Refuses a mapping that has a key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(name, deep=True) for name, _ in node.value]
        assert len(names) == len({*names}), names
        read: dict[Any, Any] = super().construct_mapping(node, deep)
        return read


def test_no_contract_has_a_key_twice() -> None:
    for path in (CONFIG / "schemas").glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_each_key_once)
    yaml.load((CONFIG / "asyncapi.yaml").read_text(encoding="utf-8"), _OnceLoader)  # noqa: S506  a safe one


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = [*node.values()]
    if isinstance(node, list):
        for item in node:
            yield from _references(item)


def test_every_reference_leads_to_a_file_beside_it_or_into_its_own() -> None:
    documents = {CONFIG / "schemas" / f"{name}.schema.json": schema for name, schema in SCHEMAS.items()}
    for path, document in {**documents, CONFIG / "asyncapi.yaml": ASYNCAPI}.items():
        for reference in _references(document):
            file, _, place = reference.partition("#")
            target: Any = documents[(path.parent / file).resolve()] if file else document
            for step in place.split("/")[1:]:
                target = target[step]


def test_the_official_parsers_take_the_contracts() -> None:
    """`@asyncapi/parser` and Ajv. CI fetches them; elsewhere they are tried where they are fetched."""
    if why := official.missing():
        assert shutil.which("npm") or os.environ.get("CI") != "true", "no npm here"
        pytest.skip(why)

    checked = official.against(CONFIG)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_a_valid_one_of_2020_12(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_decision_and_alert_are_as_their_schemas_say() -> None:
    (payment,) = decode_payment(json.dumps(HIT).encode())
    decision = screener().screen(payment)
    origin = Origin("payments", 0, 7, 1692264600000)

    record = check("decision", decision_to_json(decision, NOW, 3.1, origin))
    check("alert", alert_to_json(decision, payment, NOW, 3.1, origin))
    check("decision", decision_to_json(replace(decision, notes=("a note",)), NOW, 3.1))
    again = replaced([("interdict.replay.of", b"d-0@1"), ("interdict.replay.event", b"p-0@1")])
    check("decision", decision_to_json(decision, NOW, 3.1, origin, **again))

    assert {hit["reason"] for hit in record["hits"]} == {"name", "country", "identifier"}


def test_the_decision_of_a_resubmitted_payment_is_as_its_schema_says() -> None:
    event: dict[str, Any] = {
        "id": "P-1",
        "amount": "12.50",
        "currency": "EUR",
        "parties": [
            {"role": "debtor", "name": "Acme", "account": "GB1"},
            {"role": "creditor", "name": "Versor s.r.o."},
        ],
    }
    (payment,) = decode_payment(json.dumps(event).encode())
    stopped = stopped_by(payment, screener().screen(payment), NOW)
    event["parties"][1]["name"] = "V. s.r.o."
    (again,) = decode_payment(json.dumps(event | {"id": "P-2"}).encode())
    decision = with_resubmissions(again, Screener().screen(again), stopped, screener())

    record = check("decision", decision_to_json(decision, NOW, 3.1))
    check("alert", alert_to_json(decision, again, NOW, 3.1))

    assert [hit["reason"] for hit in record["hits"]] == ["stripping"]


def test_clear_and_error_decisions_are_as_their_schema_says() -> None:
    (payment,) = decode_payment(b'{"id": "P-1", "parties": [{"name": "Acme"}]}')

    assert check("decision", decision_to_json(screener().screen(payment), NOW, 0.1))["outcome"] == "clear"
    assert (
        check("decision", decision_to_json(screener().refuse("P-1", "bad"), NOW, 0.1))["outcome"] == "error"
    )


def test_a_decision_that_contradicts_itself_is_not_valid() -> None:
    record = json.loads(decision_to_json(screener().refuse("P-1", "bad"), NOW, 0.1))

    assert errors("decision", record | {"outcome": "hit"})
    assert errors("decision", {key: value for key, value in record.items() if key != "error"})


def test_designation_and_marker_are_as_their_schemas_say() -> None:
    check("designation", designation_to_json(FULL))
    check("designation", designation_to_json(Designation("un:1", (Name("A"),))))
    marker = {
        "marker": "commit",
        "list": "ofac",
        "version": "2023-08-16-0123",
        "count": 1,
        "sha256": "0" * 64,
        "run": "a",
        "published_at": NOW.isoformat(),
    }

    assert errors("designation", marker, "#/$defs/marker") == []
    assert marker_from_json(json.dumps(marker).encode()).source == "ofac"
    withdrawal = marker | {"marker": "withdrawal", "reason": "replaced by un", "by": "jo"}
    assert errors("designation", withdrawal, "#/$defs/marker") == []
    registry = json.loads(registry_to_json(["un", "ofac"]))
    assert errors("designation", registry, "#/$defs/lists") == []


GOOD = [
    HIT,
    {"id": "P-1", "parties": [{"name": "Acme"}]},
    {
        "id": "P-1",
        "amount": 12.5,
        "parties": [{"names": ["Acme"], "account": 123, "unknown": {"kept": True}}],
    },
    {"id": "P-1", "parties": [{"name": "A", "birth_date": "1968", "address": {"city": "Minsk"}}], "extra": 1},
]
BAD: list[Any] = [
    {"parties": [{"name": "Acme"}]},
    {"id": "", "parties": [{"name": "Acme"}]},
    {"id": " ", "parties": [{"name": "Acme"}]},
    {"id": 7, "parties": [{"name": "Acme"}]},
    {"id": "P-1"},
    {"id": "P-1", "parties": []},
    {"id": "P-1", "parties": {"name": "Acme"}},
    {"id": "P-1", "parties": ["Acme"]},
    {"id": "P-1", "parties": [{"name": 7}]},
    {"id": "P-1", "parties": [{"names": "Acme"}]},
    {"id": "P-1", "parties": [{"name": "A", "identifiers": ["x"]}]},
    {"id": "P-1", "parties": [{"name": "A", "birth_date": "1 May"}]},
    {"id": "P-1", "currency": 840, "parties": [{"name": "Acme"}]},
    {"id": "P-1", "amount": "NaN", "parties": [{"name": "Acme"}]},
    {"id": "P-1", "amount": True, "parties": [{"name": "Acme"}]},
    [],
]


@pytest.mark.parametrize("event", GOOD)
def test_an_event_that_the_schema_accepts_is_decoded(event: Any) -> None:
    assert errors("payment", event) == []
    assert decode_payment(json.dumps(event).encode())


@pytest.mark.parametrize("event", BAD)
def test_an_event_that_the_schema_refuses_is_refused_by_the_decoder(event: Any) -> None:
    assert errors("payment", event)
    with pytest.raises(PaymentError):
        decode_payment(json.dumps(event).encode())


def test_dead_letter_headers_are_as_their_schema_says() -> None:
    class Record:
        topic, partition, offset, timestamp, headers = "payments", 0, 7, 1692264600.0, None

    read: Any = Record()
    headers = dead_letter_headers(read, PaymentProblem.NOT_JSON, "no JSON", "1.0.0", "0" * 32)

    record = {name: (value or b"").decode() for name, value in headers}
    assert errors("dead-letter", record) == []
    assert set(record) == set(SCHEMAS["dead-letter"]["properties"])


def test_a_disposition_says_who_why_and_until_when() -> None:
    verdict = Disposition(
        fingerprint="a1",
        designation_id="ofac:44521",
        designation_fingerprint="b2",
        verdict=Verdict.FALSE_POSITIVE,
        by="anna",
        reason="other birth date",
        until=NOW,
    )
    record = check("disposition", disposition_to_json(verdict))

    for key in record.keys() - {"approved_by", "hit_reason"}:
        assert errors("disposition", {name: value for name, value in record.items() if name != key})


@pytest.mark.parametrize(
    ("words", "enum"),
    [
        (SCHEMAS["decision"]["$defs"]["hit"]["properties"]["role"]["enum"], Role),
        (SCHEMAS["decision"]["$defs"]["hit"]["properties"]["reason"]["enum"], Reason),
        (SCHEMAS["decision"]["$defs"]["hit"]["properties"]["action"]["enum"], Action),
        (SCHEMAS["dead-letter"]["properties"]["interdict.error.code"]["enum"], PaymentProblem),
        (SCHEMAS["designation"]["properties"]["kind"]["enum"], Kind),
        (SCHEMAS["payment"]["properties"]["parties"]["items"]["properties"]["role"]["examples"], Role),
        (SCHEMAS["alert"]["properties"]["payment"]["properties"]["format"]["enum"], FORMATS),
    ],
)
def test_closed_sets_are_the_code_s(words: list[str], enum: Any) -> None:
    assert words == [str(word) for word in enum]


def test_asyncapi_names_every_topic_with_its_cleanup() -> None:
    channels = ASYNCAPI["channels"]

    assert ASYNCAPI["asyncapi"] == "3.0.0"
    assert {spec.name for spec in topics.ALL} == set(channels)
    for spec in topics.ALL:
        channel, kafka = channels[spec.name], channels[spec.name]["bindings"]["kafka"]
        assert (channel["address"], kafka["topic"]) == (spec.name, spec.name)
        assert kafka["topicConfiguration"]["cleanup.policy"] == spec.config["cleanup.policy"].split(",")
        assert kafka.get("partitions") == spec.partitions


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    for ref in references(ASYNCAPI):
        file, _, inside = ref.partition("#")
        target = json.loads((CONFIG / file).read_text(encoding="utf-8")) if file else ASYNCAPI
        for step in inside.split("/")[1:]:
            target = target[step]
        assert target
    used = {ref.removeprefix("schemas/").partition(".")[0] for ref in references(ASYNCAPI) if ref[0] != "#"}
    assert used == set(SCHEMAS)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (item for key, item in value.items() if key == "$ref")
        for item in value.values():
            yield from references(item)
