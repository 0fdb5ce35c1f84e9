"""Schemas from a real registry, written by the serializers of confluent-kafka."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from pydantic import SecretStr

from config.settings import SettingsError, load_settings
from screening.payments import Payment, PaymentError, decode_payment
from screening.payments.registry.framing import SchemaKey
from streams.cli import main
from streams.diagnosis import Check, Level, examine
from streams.registry.answers import Registry, RegistryAwayError
from streams.registry.fetching import SchemaRegistry, fetching, registry_of
from streams.registry.reading import reader_of
from tests.registry.server import SchemaRegistryServer
from tests.registry.written import SCHEMA, AvroWriter, JsonWriter, ProtobufWriter, evolved


@pytest.fixture
def ours(registry: SchemaRegistryServer) -> SchemaRegistry:
    return SchemaRegistry(load_settings(schema_registry_url=registry.url))


@pytest.fixture
def client(registry: SchemaRegistryServer) -> Iterator[SchemaRegistryClient]:
    """What producers register their schemas with."""
    with SchemaRegistryClient({"url": registry.url}) as it:
        yield it


@pytest.fixture
def topic() -> str:
    return f"t{uuid4().hex[:8]}"


def read(ours: SchemaRegistry, raw: bytes, headers: Any = ()) -> Payment:
    (payment,) = fetching(ours, lambda schemas: decode_payment(raw, None, headers, schemas=schemas))
    return payment


@pytest.mark.kafka
class TestOnARealRegistry:
    def test_avro_is_read_and_each_schema_is_fetched_once(
        self, ours: SchemaRegistry, client: SchemaRegistryClient, topic: str
    ) -> None:
        first, second = AvroWriter(client, topic), AvroWriter(client, topic, evolved("memo"))
        payments = [
            read(ours, raw) for raw in (first(1, "Ann"), first(2, "Bob"), second(3, "Cid", memo="for Zuvava"))
        ]

        assert [payment.parties[0].names[0].value for payment in payments] == ["Ann", "Bob", "Cid"]
        assert ("for Zuvava", "/memo") in payments[2].parties[-1].texts
        assert len(ours.schemas) == 2

    def test_protobuf_with_an_import_is_read(
        self, ours: SchemaRegistry, client: SchemaRegistryClient, topic: str
    ) -> None:
        payment = read(ours, ProtobufWriter(client, topic)(1, "Ann", "for Zuvava"))

        assert payment.parties[0].names == (("Ann", "/creditor/name"),)
        assert ("for Zuvava", "/note/text") in payment.parties[-1].texts
        assert (payment.amount, payment.currency, payment.format) == ("1.00", "USD", "protobuf")

    def test_protobuf_s_own_text_is_read_as_java_producers_register_it(
        self, ours: SchemaRegistry, client: SchemaRegistryClient, topic: str
    ) -> None:
        party = 'syntax = "proto3";\npackage ex;\nmessage Party {\n  string name = 1;\n}\n'
        fields = "  string id = 1;\n  Party creditor = 2;\n"
        payment = f'syntax = "proto3";\npackage ex;\nimport "party.proto";\nmessage P {{\n{fields}}}\n'
        client.register_schema(f"{topic}-party", Schema(party, "PROTOBUF"))
        reference = SchemaReference("party.proto", f"{topic}-party", 1)
        number = client.register_schema(f"{topic}-value", Schema(payment, "PROTOBUF", [reference]))

        raw = b"\x00" + number.to_bytes(4) + b"\x00" + b"\x0a\x02P1\x12\x05\x0a\x03Ann"
        assert read(ours, raw).parties[0].names[0].value == "Ann"

    def test_avro_types_of_other_subjects_are_found(
        self, ours: SchemaRegistry, client: SchemaRegistryClient, topic: str
    ) -> None:
        party = {"type": "record", "name": f"Party{topic}", "fields": [{"name": "name", "type": "string"}]}
        fields = [{"name": "id", "type": "string"}, {"name": "creditor", "type": f"Party{topic}"}]
        main = {"type": "record", "name": f"Main{topic}", "fields": fields}
        client.register_schema(f"{topic}/party", Schema(json.dumps(party), "AVRO"))
        reference = SchemaReference(f"Party{topic}", f"{topic}/party", 1)
        number = client.register_schema(f"{topic}-value", Schema(json.dumps(main), "AVRO", [reference]))

        raw = b"\x00" + number.to_bytes(4) + b"\x04P1\x06Ann"
        assert read(ours, raw).parties[0].names == (("Ann", "/creditor/name"),)

    def test_json_with_a_schema_is_read(
        self, ours: SchemaRegistry, client: SchemaRegistryClient, topic: str
    ) -> None:
        assert read(ours, JsonWriter(client, topic)(1, "Ann")).parties[0].names[0].value == "Ann"
        assert len(ours.schemas) == 0

    def test_a_mapping_is_tried_on_a_framed_record(
        self,
        registry: SchemaRegistryServer,
        client: SchemaRegistryClient,
        topic: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        mapping, record = tmp_path / "own.toml", tmp_path / "record.bin"
        mapping.write_text(
            '[[mapping]]\nname = "own"\nwhen = "$.creditor"\nid = "$.id"\n'
            '[[mapping.party]]\nrole = "creditor"\nname = "$.creditor.name"\n'
        )
        record.write_bytes(AvroWriter(client, topic)(1, "Ann"))
        monkeypatch.setenv("INTERDICT_SCHEMA_REGISTRY_URL", registry.url)
        result = CliRunner().invoke(main, ["mapping", "try", str(mapping), str(record), "--json"])
        (payment,) = json.loads(result.stdout)["payments"]

        assert {"role": "creditor", "what": "name", "value": "Ann", "path": "/creditor/name"} in payment[
            "read"
        ]
        assert "/creditor/country" in [value["path"] for value in payment["other"]]

    def test_an_unknown_schema_is_refused_with_the_remedy(self, ours: SchemaRegistry) -> None:
        with pytest.raises(PaymentError, match=r"schema 999999 is not in the schema registry .* register it"):
            read(ours, b"\x00" + (999_999).to_bytes(4) + b"\x04")

    async def test_an_address_that_is_no_registry_s_is_not_taken_for_an_unknown_schema(
        self, registry: SchemaRegistryServer
    ) -> None:
        wrong = Registry(load_settings(schema_registry_url=registry.url + "/nowhere"))

        with pytest.raises(RegistryAwayError):
            await wrong.schema(SchemaKey(1))

    async def test_a_schema_waits_for_a_registry_that_does_not_answer(
        self,
        ours: SchemaRegistry,
        registry: SchemaRegistryServer,
        client: SchemaRegistryClient,
        topic: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("streams.registry.answers.ANSWER_SECONDS", 0.5)
        raw = AvroWriter(client, topic)(1, "Ann")
        key = SchemaKey(int.from_bytes(raw[1:5]))
        registry.pause()
        try:
            fetch = asyncio.create_task(ours.fetch(key))
            async with asyncio.timeout(30):
                while not ours.waiting:  # noqa: ASYNC110  what is waited for has no event of its own
                    await asyncio.sleep(0.05)
            assert "a payment waits for schema" in ours.waiting
            assert not fetch.done()
        finally:
            registry.resume()
        async with asyncio.timeout(30):
            await fetch

        assert ours.waiting == ""
        assert decode_payment(raw, schemas=ours.schemas)[0].currency == "USD"


class Answers:
    """A registry of the test's own, for what a real one would not do."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = {"schema": json.dumps(SCHEMA)}
        self.seen: list[web.BaseRequest] = []

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.seen.append(request)
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return web.Response(text=text, status=self.status, headers={"Location": "http://127.0.0.1:1/"})


@pytest.fixture
def answers() -> Iterator[Answers]:
    yield Answers()


async def asked(answers: Answers, **settings: Any) -> Any:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers.answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/api"))
        return await Registry(load_settings(schema_registry_url=url, **settings)).schema(SchemaKey(1))


NO_REFERENCES: tuple[object, ...] = (5, {"a": 1}, ["a"], [{"name": []}])


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, {"error_code": 50001}, "answers 500"),
        (401, {"message": "no"}, "schema_registry_username"),
        (302, {}, "answers 302"),
        (404, "<html>", "no JSON"),
        (404, {"error_code": 404}, "answers 404"),
        (200, {"other": 1}, "without a schema"),
        (200, [], "without a schema"),
        *((200, {"schema": "{}", "references": wrong}, "none") for wrong in NO_REFERENCES),
    ],
)
async def test_an_answer_that_cannot_be_trusted_is_a_registry_that_is_away(
    answers: Answers, status: int, body: Any, words: str
) -> None:
    answers.status, answers.body = status, body

    with pytest.raises(RegistryAwayError, match=words):
        await asked(answers)


@pytest.mark.parametrize("status", [401, 403])
async def test_who_may_not_ask_is_told_which_settings_say_who_asks(answers: Answers, status: int) -> None:
    assert (await asked(answers)).text == json.dumps(SCHEMA)
    answers.status = status

    with pytest.raises(RegistryAwayError, match=f"answers {status}; check schema_registry_username"):
        await asked(answers)


async def test_the_password_goes_along_as_basic_and_a_token_as_bearer(answers: Answers) -> None:
    await asked(answers, schema_registry_username="u", schema_registry_password=SecretStr("p"))
    await asked(answers, schema_registry_password=SecretStr("token"))

    assert [request.headers["Authorization"] for request in answers.seen] == ["Basic dTpw", "Bearer token"]
    assert answers.seen[0].path_qs == "/api/schemas/ids/1?format=serialized"


async def test_nobody_answers_where_nobody_listens() -> None:
    nobody = Registry(load_settings(schema_registry_url="http://127.0.0.1:1"))

    with pytest.raises(RegistryAwayError, match="no answer"):
        await nobody.schema(SchemaKey(1))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"schema_registry_url": "registry:8081"}, "https://host"),
        (
            {"schema_registry_url": "http://registry:8081", "schema_registry_password": "p"},
            "the password is sent there",
        ),
        ({"schema_registry_password": "p"}, "has no use"),
    ],
)
def test_settings_that_lead_nowhere_or_show_the_password_are_refused(
    settings: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        load_settings(**settings)


@pytest.mark.kafka
async def test_commands_read_the_past_by_the_registry_also_from_within_an_event_loop(
    registry: SchemaRegistryServer, client: SchemaRegistryClient, topic: str
) -> None:
    read = reader_of(load_settings(schema_registry_url=registry.url))
    (payment,) = read(AvroWriter(client, topic)(1, "Ann"), {}, ())

    assert payment.parties[0].names[0].value == "Ann"


@pytest.mark.kafka
def test_the_doctor_says_whether_the_registry_answers(registry: SchemaRegistryServer) -> None:
    def told(url: str) -> list[Check]:
        settings = load_settings(schema_registry_url=url, broker="127.0.0.1:1")
        return [finding for finding in examine(settings) if finding.subject == "registry"]

    assert told(registry.url) == [Check(Level.OK, "registry", f"{registry.url} answers")]
    (away,) = told("http://127.0.0.1:1")
    assert away.level is Level.FAIL
    assert "no answer" in away.text


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:1"])
def test_there_is_a_registry_only_where_the_settings_name_one(url: str | None) -> None:
    assert (registry_of(load_settings(schema_registry_url=url)) is not None) is (url is not None)
