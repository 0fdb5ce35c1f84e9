"""`interdict serve`: one call, one answer; nothing is cleared while the list is not proved complete."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaConsumer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from config.settings import load_settings
from screening import Policy
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.serve.answering import Answering
from streams.serve.http import application
from streams.serve.limits import MOST_CLIENTS, RateLimit
from streams.serve.openapi import document
from streams.worker.refusals import NotDeliveredError
from tests.streams.list_topic import ListTopic

PATIENCE_SECONDS = 30.0
TOKEN = "let-me-in"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def broker() -> Iterator[str]:
    with EmbeddedBroker(dict(Topics().partitions(1))) as embedded:
        yield embedded.bootstrap


@asynccontextmanager
async def serving(
    bootstrap: str, *, rate: float = 1e6, record: bool = False, max_bytes: int = 100_000, ready: bool = True
) -> AsyncIterator[httpx.AsyncClient]:
    answering = Answering(load_settings(broker=bootstrap), Policy(), record=record)
    app = application(answering, token=TOKEN, max_bytes=max_bytes, rate=rate, record=record)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://interdict", headers=BEARER, timeout=30
        ) as client,
    ):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while ready and answering.reasons:  # noqa: ASYNC110  reasons have no event of their own
                await asyncio.sleep(0.05)
        yield client


async def publish(bootstrap: str) -> None:
    async with ListTopic(bootstrap) as topic:
        await topic.entry("44521", "VERSOR S.R.O.")
        await topic.commit()


def payment(name: str, payment_id: str = "P-1") -> bytes:
    return orjson.dumps({"id": payment_id, "parties": [{"role": "creditor", "name": name}]})


async def test_nothing_is_decided_before_a_list_is_proved_complete(broker: str) -> None:
    async with serving(broker, ready=False) as client:
        answer = await client.post("/screen", content=payment("Acme"))
        ready = await client.get("/ready")

    assert (answer.status_code, ready.status_code) == (503, 503)
    assert "designations" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "1"


async def test_a_payment_is_answered_with_its_decision_and_again_with_the_same_id(broker: str) -> None:
    await publish(broker)
    async with serving(broker) as client:
        first = (await client.post("/screen", content=payment("Versor, s.r.o."))).json()["decisions"]
        again = (await client.post("/screen", content=payment("Versor, s.r.o."))).json()["decisions"]
        other = (await client.post("/screen", content=payment("Acme"))).json()["decisions"]

    assert [decision["outcome"] for decision in first] == ["hit"]
    assert first[0]["hits"][0]["designation"]["id"] == "ofac:44521"
    assert first[0]["decision_id"] == again[0]["decision_id"] != other[0]["decision_id"]
    assert other[0]["outcome"] == "clear"
    described = {"$ref": "#/components/schemas/Decision", "components": document("1")["components"]}
    Draft202012Validator(described).validate(first[0])


async def test_any_format_is_read_and_what_cannot_be_is_an_error_decision(broker: str) -> None:
    await publish(broker)
    mt = b"{1:F01BANKDEFFAXXX0000000000}{2:I103BANKUS33XXXXN}{4:\r\n:20:MT-1\r\n:59:VERSOR S.R.O.\r\n-}"
    async with serving(broker) as client:
        read = (await client.post("/screen", content=mt)).json()["decisions"]
        broken = (await client.post("/screen", content=b"{broken")).json()["decisions"]

    assert [decision["outcome"] for decision in read] == ["hit"]
    assert [decision["outcome"] for decision in broken] == ["error"]


async def test_attributes_of_a_cloud_event_are_read_from_its_headers(broker: str) -> None:
    """As a worker reads them from a record's; in HTTP they are percent-encoded."""
    await publish(broker)
    event = {"ce-specversion": "1.0", "ce-id": "E-1", "ce-source": "/core", "ce-type": "payment"}
    async with serving(broker) as client:
        answer = await client.post(
            "/screen",
            content=b'{"parties": [{"role": "creditor", "name": "Acme"}]}',
            headers=event | {"ce-subject": "Versor%20s.r.o.", "content-type": "application/json"},
        )

    (decision,) = answer.json()["decisions"]
    assert (decision["payment_id"], decision["outcome"]) == ("E-1@/core", "hit")
    assert decision["hits"][0]["path"] == "/ce/subject"


async def test_a_designation_binds_the_next_request(broker: str) -> None:
    await publish(broker)
    async with serving(broker) as client, ListTopic(broker) as topic:
        before = (await client.post("/screen", content=payment("Zuvava Trading"))).json()["decisions"]
        await topic.entry("44521", "VERSOR S.R.O.")
        await topic.designate("50000", "ZUVAVA TRADING LLC")
        after = (await client.post("/screen", content=payment("Zuvava Trading"))).json()["decisions"]

    assert (before[0]["outcome"], after[0]["outcome"]) == ("clear", "hit")


async def test_a_decision_that_the_broker_does_not_take_is_no_failure_of_the_server(
    broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise NotDeliveredError("screening.decisions: it does not exist; create it: interdict topics create")

    monkeypatch.setattr(Answering, "decided_within", refused)
    async with serving(broker, record=True, ready=False) as client:
        answer = await client.post("/screen?record=true", content=payment("Acme"))

    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("not recorded: screening.decisions: it does not exist; create")


async def test_a_compressed_body_is_refused_as_such_and_is_no_garbled_payment(broker: str) -> None:
    await publish(broker)
    async with serving(broker) as client:
        packed = gzip.compress(payment("Versor s.r.o."))
        refused = await client.post("/screen", content=packed, headers={"content-encoding": "gzip"})
        taken = await client.post(
            "/screen", content=payment("Versor s.r.o."), headers={"content-encoding": "Identity"}
        )

    assert (refused.status_code, refused.headers["accept-encoding"]) == (415, "identity")
    assert "content-encoding gzip" in refused.json()["detail"]
    assert taken.json()["decisions"][0]["outcome"] == "hit"


async def test_a_name_is_matched_and_a_designation_looked_up(broker: str) -> None:
    await publish(broker)
    async with serving(broker) as client:
        hits = (await client.get("/match", params={"name": "Versor sro", "kind": "organization"})).json()[
            "hits"
        ]
        found = await client.get("/designations/ofac:44521")
        missing = await client.get("/designations/ofac:1")

    assert [hit["designation"]["id"] for hit in hits] == ["ofac:44521"]
    assert hits[0]["explanation"]
    assert found.json()["name"] == "VERSOR S.R.O."
    assert found.json()["names"][0]["text"] == "VERSOR S.R.O."
    assert found.json()["fingerprint"] == hits[0]["designation"]["fingerprint"]
    assert missing.status_code == 404


async def test_decisions_and_alerts_are_on_their_topics_when_that_is_asked_for(broker: str) -> None:
    await publish(broker)
    async with serving(broker, record=True) as client:
        asked = await client.post("/screen", params={"record": "true"}, content=payment("Versor"))
        await client.post("/screen", content=payment("Versor", "P-2"))
        metrics = (await client.get("/metrics")).text
    topics = Topics()
    consumer = AIOKafkaConsumer(
        topics.alerts, topics.decisions, bootstrap_servers=broker, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        records = [await asyncio.wait_for(consumer.getone(), PATIENCE_SECONDS) for _ in range(2)]
    finally:
        await consumer.stop()

    assert {record.topic for record in records} == {topics.alerts, topics.decisions}
    assert {record.key for record in records} == {b"P-1"}
    assert 'interdict_hits_total{action="hold",list="ofac",role="creditor"} 2.0' in metrics
    said = {orjson.loads(record.value)["decision_id"] for record in records}
    assert asked.json()["decisions"][0]["decision_id"] in said


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "says"),
    [
        ("POST", "/screen", b"", 400, "empty"),
        ("POST", "/screen", b"x" * 100_001, 413, "more than 100000 bytes"),
        ("POST", "/screen?deadline_ms=0", b"{}", 422, "deadline_ms"),
        ("POST", "/screen?record=true", b"{}", 422, "--record"),
        ("POST", "/screen?dedline_ms=10", b"{}", 422, "dedline_ms: no such parameter"),
        ("GET", "/match?name=Versor&name=Acme", b"", 422, "name: given more than once"),
        ("GET", "/match?name=Versor&threshold=0.5", b"", 422, "threshold: no such parameter"),
        ("POST", "/screen?record=perhaps", b"{}", 422, "true or false"),
        ("GET", "/match", None, 422, "name"),
        ("GET", "/match?name=x&kind=ghost", None, 422, "person"),
        ("GET", "/match?name=Jos%e9+Versor", None, 422, "not UTF-8"),
        ("POST", "/screen/", b"{}", 404, "openapi"),
        ("GET", "/match?name=" + "+fka+".join(f"abc{n}" for n in range(40)), None, 422, "at most 32"),
    ],
)
async def test_a_wrong_request_is_told_what_is_wrong(
    broker: str, method: str, path: str, content: bytes | None, status: int, says: str
) -> None:
    await publish(broker)
    async with serving(broker) as client:
        answer = await client.request(method, path, content=content)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


async def test_a_body_that_does_not_come_is_waited_for_until_the_deadline(broker: str) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(PATIENCE_SECONDS)

    await publish(broker)
    async with serving(broker) as client:
        answer = await client.post("/screen?deadline_ms=50", content=half())

    assert (answer.status_code, answer.json()["detail"]) == (408, "the body did not come within 50 ms")


async def test_a_defect_is_a_problem_that_clears_nothing(
    broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr(Answering, "match", broken)
    answering = Answering(load_settings(broker=broker), Policy())
    app = application(answering, token=None, max_bytes=10, rate=1e6, record=False)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://interdict"
    ) as client:
        answer = await client.get("/match?name=Versor")

    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "hold the payment" in answer.json()["detail"]


async def test_a_scheme_may_be_written_in_any_case(broker: str) -> None:
    async with serving(broker, ready=False) as client:
        answer = await client.get("/openapi.json", headers={"authorization": f"bearer {TOKEN}"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "token", ["", "Bearer ", TOKEN, f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", f"Basic {TOKEN}"]
)
async def test_a_wrong_token_reads_nothing_but_probes(broker: str, token: str) -> None:
    async with serving(broker, ready=False) as client:
        answers = [
            await client.get(path, headers={"authorization": token})
            for path in ("/match?name=x", "/designations/ofac:1", "/openapi.json", "/live", "/metrics")
        ]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 200, 200]


async def test_who_asks_too_often_is_told_when_to_ask_again(broker: str) -> None:
    await publish(broker)
    async with serving(broker, rate=1.0) as client:
        answers = [await client.get("/match", params={"name": "Acme"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert int(answers[1].headers["retry-after"]) >= 1


def test_clients_are_remembered_in_bounded_memory() -> None:
    now = [0.0]
    limit = RateLimit(1.0, lambda: now[0])

    for number in range(3 * MOST_CLIENTS):
        assert limit.wait_seconds(f"10.0.{number}") == 0.0

    assert len(limit._buckets) == MOST_CLIENTS
    assert limit.wait_seconds(f"10.0.{3 * MOST_CLIENTS - 1}") == pytest.approx(1.0)
    now[0] = 1.0
    assert limit.wait_seconds(f"10.0.{3 * MOST_CLIENTS - 1}") == 0.0


async def test_every_answer_to_anything_is_one_that_the_document_names(broker: str) -> None:
    """Random requests over the paths of the OpenAPI document: no 500, and only documented statuses."""
    await publish(broker)
    described = document("1")["paths"]
    async with serving(broker) as client:

        async def ask(method: str, path: str, query: dict[str, Any], body: bytes) -> int:
            filled = path.replace("{id}", query.pop("id", "x") or "x")
            answer = await client.request(
                method.upper(),
                httpx.URL("http://interdict").copy_with(path=filled),
                params=query,
                content=body,
            )
            return answer.status_code

        requests: list[tuple[str, str, dict[str, Any], bytes]] = []

        @settings(max_examples=150, suppress_health_check=list(HealthCheck))
        @given(st.data())
        def collect(data: st.DataObject) -> None:
            path = data.draw(st.sampled_from(sorted(described)))
            method = data.draw(st.sampled_from(sorted(described[path])))
            text = st.text(max_size=30)
            names = ("name", "kind", "deadline_ms", "record", "id")
            query = {name: data.draw(text) for name in data.draw(st.sets(st.sampled_from(names)))}
            if "id" in query:
                query["id"] = "".join(char for char in query["id"] if char.isalnum() or char in ":-@")
            requests.append((method, path, query, data.draw(st.binary(max_size=200))))

        collect()
        for method, path, query, body in requests:
            status = await ask(method, path, query, body)
            documented = set(described[path][method]["responses"])
            assert str(status) in documented or status == 404, (method, path, query, status)


async def test_an_address_that_is_none_and_a_method_that_is_not_taken_are_problems_too(broker: str) -> None:
    async with serving(broker, ready=False) as client:
        nowhere = await client.get("/nothing")
        other = await client.request("TRACE", "/match")

    assert (nowhere.status_code, other.status_code) == (404, 405)
    assert {answer.headers["content-type"] for answer in (nowhere, other)} == {"application/problem+json"}
    assert "GET" in other.headers["allow"]
