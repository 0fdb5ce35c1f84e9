"""Claims about the desk's questions, asked over HTTP of the command's own server, on a broker."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest
from confluent_kafka import Producer

from config.settings import load_settings
from screening import Designation, Name, NameType
from screening.designations import Link
from streams.console.case_desk import LONGEST_VALUE
from streams.console.opening import console_of
from streams.console.server import SECURITY_HEADERS
from streams.console.standalone import ConsoleServer
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.records.json import designation_to_json

TOPICS = Topics()
VERSOR = Designation(
    "ofac:44521",
    (Name("VERSOR S.R.O.", NameType.PRIMARY),),
    links=(Link("MKRTYCHEV", "linked_to", "ofac:41563"),),
)


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(dict(TOPICS.partitions(2))) as embedded:
        yield embedded


@asynccontextmanager
async def asking(broker: EmbeddedBroker, token: str | None = None) -> AsyncIterator[aiohttp.ClientSession]:
    console = console_of(load_settings(broker=broker.bootstrap), ())
    server = ConsoleServer("127.0.0.1", 0, console, token)
    async with server, aiohttp.ClientSession(server.url) as client:
        yield client


async def answer_to(client: aiohttp.ClientSession, path: str, status: int = 200, **asked: str) -> Any:
    async with client.get(path, params=asked) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


def write(broker: EmbeddedBroker, topic: str, *records: tuple[str, bytes | None]) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    for number, (key, value) in enumerate(records):
        producer.produce(topic, value, key.encode(), timestamp=1_700_000_000_000 + number)
    assert producer.flush(30) == 0


def alert(payment: str, value: str = "Versor s.r.o.", **more: Any) -> tuple[str, bytes]:
    hit = {"alert_id": "0" * 32, "value": value, "designation": {"id": VERSOR.id, "name": VERSOR.name}}
    return payment, orjson.dumps({"payment_id": payment, "outcome": "hit", "hits": [hit], **more})


async def test_an_alert_of_any_worker_is_found_by_what_it_says(broker: EmbeddedBroker) -> None:
    write(broker, TOPICS.alerts, *(alert(f"P-{number}") for number in range(40)), alert("P-40", "Other name"))
    async with asking(broker) as client:
        newest = await answer_to(client, "/desk/records")
        found = await answer_to(client, "/desk/records", q="versor p-7")

    assert [record["value"]["payment_id"] for record in found["records"]] == ["P-7"]
    assert found["looked"] == {"records": 41, "of": 41, "back_to": None, "unread": 0}
    assert len(newest["records"]) == 41
    assert newest["records"][0]["value"]["payment_id"] == "P-40"


async def test_a_limit_leaves_the_rest_for_the_next_question(broker: EmbeddedBroker) -> None:
    write(broker, TOPICS.alerts, *(alert(f"P-{number}") for number in range(25)))
    async with asking(broker) as client:
        first = await answer_to(client, "/desk/records", limit="20")
        rest = await answer_to(client, "/desk/records", limit="20", until=first["next"])
        since = await answer_to(client, "/desk/records", after=first["ends"])

    shown = [record["value"]["payment_id"] for record in first["records"] + rest["records"]]
    assert shown == [f"P-{number}" for number in range(24, -1, -1)]
    assert first["looked"]["back_to"] is not None
    assert (rest["next"], since["records"]) == (None, [])


async def test_a_cleared_payment_is_found_by_its_party_and_by_its_decision(broker: EmbeddedBroker) -> None:
    event = {"id": "P-1", "parties": [{"role": "creditor", "name": "Nordic Timber AB"}]}
    write(broker, TOPICS.payments, ("P-1", orjson.dumps(event)), ("P-2", b"{not json nordic"))
    write(broker, TOPICS.decisions, ("P-1", orjson.dumps({"payment_id": "P-1", "outcome": "clear"})))
    async with asking(broker) as client:
        paid = await answer_to(client, "/desk/records?in=payments", q="nordic")
        decided = await answer_to(client, "/desk/records?in=decisions", q="P-1")

    unreadable, readable = paid["records"]
    assert readable["value"]["payments"][0]["parties"][0]["names"] == ["Nordic Timber AB"]
    assert (unreadable["text"], "JSON" in unreadable["unreadable"]) == ("{not json nordic", True)
    assert decided["records"][0]["value"]["outcome"] == "clear"


@pytest.mark.parametrize("places", [200_000, 0], ids=["known where it stands", "searched for"])
async def test_a_designation_is_shown_as_the_topic_has_it_last(
    broker: EmbeddedBroker, places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.console.listed.MOST_PLACES", places)
    write(broker, TOPICS.designations, (VERSOR.id, designation_to_json(VERSOR)), ("ofac:44522", None))
    async with asking(broker) as client:
        card = await answer_to(client, f"/designations/{VERSOR.id}")
        nobody = await answer_to(client, "/designations/ofac:44522", 404)
        found = await answer_to(client, "/desk/records?in=designations", q="versor")
        write(broker, TOPICS.designations, (VERSOR.id, None))
        delisted = await answer_to(client, f"/designations/{VERSOR.id}", 404)

    assert card["links"][0]["to"] == "ofac:41563"
    assert found["records"][0]["value"]["name"] == VERSOR.name
    assert nobody == delisted


async def test_a_record_too_large_for_a_page_says_what_is_left_out(broker: EmbeddedBroker) -> None:
    hits = [{"alert_id": "0" * 32, "value": "x" * 9000, "designation": {"id": "a"}, "explanation": []}] * 40
    write(broker, TOPICS.alerts, alert("P-1", hits=hits))
    async with asking(broker) as client:
        (record,) = (await answer_to(client, "/desk/records"))["records"]

    assert len(orjson.dumps(record)) < LONGEST_VALUE
    assert record["value"]["hits_not_shown"] == 20


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"in": "nowhere"}, "in: one of alerts, decisions"),
        ({"q": "x" * 3000}, "q: at most"),
        ({"q": "1 2 3 4 5 6 7 8 9"}, "q: at most 8 words"),
        ({"limit": "0"}, "limit: a whole number from 1 to 200"),
        ({"limit": "1e9"}, "limit: a whole number"),
        ({"until": "0:x"}, "partition:offset"),
        ({"after": "0:" + "9" * 30}, "partition:offset"),
    ],
)
async def test_what_is_asked_wrongly_is_answered_in_a_sentence(
    broker: EmbeddedBroker, asked: dict[str, str], said: str
) -> None:
    async with asking(broker) as client:
        assert said in (await answer_to(client, "/desk/records", 400, **asked))["error"]


async def test_without_a_broker_the_console_is_not_ready_and_says_so() -> None:
    with EmbeddedBroker({TOPICS.alerts: 1}) as gone:
        bootstrap = gone.bootstrap
    console = console_of(load_settings(broker=bootstrap), ())
    server = ConsoleServer("127.0.0.1", 0, console)
    async with server, aiohttp.ClientSession(server.url) as client:
        assert "broker" in (await answer_to(client, "/ready", 503))["reasons"][0]
        assert "broker" in (await answer_to(client, "/desk/records", 502))["error"]
        assert await answer_to(client, "/live") == {"live": True}


async def test_the_console_is_ready_when_the_broker_answers(broker: EmbeddedBroker) -> None:
    async with asking(broker) as client:
        assert await answer_to(client, "/ready") == {"ready": True, "reasons": []}
        assert (await answer_to(client, "/status.json"))["alone"] is True


async def test_a_token_guards_the_desk(broker: EmbeddedBroker) -> None:
    async with asking(broker, "s3cret") as client:
        async with client.get("/desk/records") as answer:
            assert answer.status == 401
            assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
        async with client.get("/desk/records", headers={"Authorization": "Bearer s3cret"}) as answer:
            assert answer.status == 200
