"""Claims about the disposition form: who may give one, what it is made of, and when it waits for a second."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest
from confluent_kafka import Producer

from config.settings import load_settings
from streams.console import disposing
from streams.console.opening import console_of, giving_of
from streams.console.standalone import ConsoleServer
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.records.json import disposition_from_json

TOPICS = Topics()
ANN, BOB, CEM = (f"{name}-s-token-0123456789" for name in ("ann", "bob", "cem"))
ALERT = "a" * 32
HIT = {
    "alert_id": ALERT,
    "fingerprint": "party",
    "reason": "name",
    "designation": {"id": "ofac:1", "fingerprint": "listed"},
}
DECIDED = {"alert_id": ALERT, "verdict": "false_positive", "reason": "born 1984, not 1957", "days": 180}
PAIR = "party|ofac:1"


def words(*each: str) -> str:
    return " ".join(each)


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(dict(TOPICS.partitions(2))) as embedded:
        producer = Producer({"bootstrap.servers": embedded.bootstrap})
        producer.produce(TOPICS.alerts, orjson.dumps({"payment_id": "P-1", "hits": [HIT]}), b"P-1")
        assert producer.flush(30) == 0
        yield embedded


@asynccontextmanager
async def form(broker: EmbeddedBroker, **more: Any) -> AsyncIterator[aiohttp.ClientSession]:
    settings = load_settings(
        broker=broker.bootstrap, web_writers=f"ann:{ANN}\nBob Roe:{BOB}\ncem:{CEM}", **more
    )
    console = console_of(settings, ())
    giving = giving_of(settings, console)
    token = settings.web_token.get_secret_value() if settings.web_token else None
    server = ConsoleServer("127.0.0.1", 0, console, token, giving)
    async with server, aiohttp.ClientSession(server.url) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def give(
    client: aiohttp.ClientSession, body: Any, token: str = ANN, status: int = 200, **headers: str
) -> dict[str, Any]:
    sent = bearer(token) | headers
    async with client.post("/desk/dispositions", json=body, headers=sent) as answer:
        assert answer.status == status, await answer.text()
        told: dict[str, Any] = await answer.json()
        return told


async def standing(client: aiohttp.ClientSession) -> list[dict[str, Any]]:
    asked = {"in": "dispositions", "q": PAIR}
    headers = {"Authorization": f"Bearer {ANN}"}
    async with client.get("/desk/records", params=asked, headers=headers) as answer:
        records: list[dict[str, Any]] = (await answer.json())["records"]
        return records


async def test_a_disposition_is_made_of_the_alert_and_names_whose_token_it_was(
    broker: EmbeddedBroker,
) -> None:
    async with form(broker) as client:
        told = await give(client, DECIDED | {"by": "somebody else", "fingerprint": "another"})
        (record,) = await standing(client)

    given = disposition_from_json(orjson.dumps(record["value"]))
    assert (record["key"], given.key, given.by) == (PAIR, PAIR, "ann")
    assert (given.designation_fingerprint, given.hit_reason) == ("listed", "name")
    assert told["waits"] is False


async def test_with_four_eyes_it_waits_for_another_person_who_approves_it(broker: EmbeddedBroker) -> None:
    async with form(broker, four_eyes=True) as client:
        assert (await give(client, DECIDED))["waits"] is True
        (record,) = await standing(client)
        at = record["offset"]
        for other in (at + 1, at - 1):
            assert "meanwhile" in (await give(client, approve(other), BOB, 409))["error"]
        assert "another person" in (await give(client, approve(at), ANN, 403))["error"]
        told = await give(client, approve(at), BOB)
        again = await give(client, approve(at), BOB, 409)

    assert (told["disposition"]["by"], told["disposition"]["approved_by"]) == ("ann", "Bob Roe")
    assert told["waits"] is False
    assert "meanwhile" in again["error"]


async def test_with_four_eyes_one_person_neither_overrules_nor_withdraws_a_true_positive(
    broker: EmbeddedBroker,
) -> None:
    async with form(broker, four_eyes=True) as client:
        assert (await give(client, DECIDED | {"verdict": "true_positive"}, CEM))["waits"] is False
        gone = {"withdraw": PAIR, "reason": "another man"}
        for offset, body in enumerate((DECIDED, gone | {"offset": 1})):
            assert (await give(client, body))["waits"] is True, body
            (newest, *_) = await standing(client)
            assert (newest["key"], newest["offset"]) == (f"proposed|{PAIR}", offset + 1)
            assert "another person" in (await give(client, approve(offset + 1), ANN, 403))["error"]
        assert "meanwhile" in (await give(client, gone | {"offset": 1}, BOB, 409))["error"]
        for other in (0, 1):
            assert "meanwhile" in (await give(client, approve(other), BOB, 409))["error"]
        assert (await give(client, approve(2), BOB)) == {"disposition": None, "waits": False}
        withdrawn, proposal, *_ = await standing(client)
        assert "nothing waits for a second person" in (await give(client, approve(4), CEM, 409))["error"]
        assert "no disposition" in (await give(client, gone | {"offset": 4}, BOB, 409))["error"]

    assert (withdrawn["key"], withdrawn["value"]) == (PAIR, None)
    assert [proposal["value"][name] for name in ("by", "approved_by")] == ["ann", "Bob Roe"]


async def test_a_false_positive_of_another_state_of_the_entry_is_not_approved(broker: EmbeddedBroker) -> None:
    """It would take a true positive's place and suppress nothing."""
    async with form(broker, four_eyes=True) as client:
        await give(client, DECIDED)
        amended = HIT | {"designation": {"id": "ofac:1", "fingerprint": "amended"}}
        producer = Producer({"bootstrap.servers": broker.bootstrap})
        producer.produce(TOPICS.alerts, orjson.dumps({"payment_id": "P-2", "hits": [7, amended]}), b"P-2")
        assert producer.flush(30) == 0
        assert "something else" in (await give(client, approve(0), BOB, 409))["error"]


async def test_a_false_positive_is_withdrawn_at_once_and_what_waited_with_it(broker: EmbeddedBroker) -> None:
    async with form(broker, four_eyes=True) as client:
        await give(client, DECIDED)
        await give(client, approve(0), BOB)
        told = await give(client, {"withdraw": PAIR, "reason": "it is him", "offset": 2})
        records = await standing(client)

    assert told == {"disposition": None, "waits": False}
    assert {record["key"]: record["value"] for record in reversed(records)} == {
        PAIR: None,
        f"proposed|{PAIR}": None,
    }


async def test_of_two_who_decide_at_once_the_second_is_told_of_the_first(broker: EmbeddedBroker) -> None:
    true = DECIDED | {"verdict": "true_positive"}
    async with form(broker) as client:
        sent = [
            client.post("/desk/dispositions", json=body | {"stands": None}, headers=bearer(token))
            for body, token in ((DECIDED, ANN), (true, BOB), (DECIDED, CEM))
        ]
        answers = await asyncio.gather(*sent)

    assert sorted(answer.status for answer in answers) == [200, 409, 409]


async def test_however_much_was_proposed_since_what_stands_is_found(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.console.giving.MOST_RECORDS", 1)
    sooner = DECIDED | {"verdict": "true_positive", "days": 1}
    async with form(broker, four_eyes=True) as client:
        await give(client, DECIDED | {"verdict": "true_positive"}, CEM)
        await give(client, DECIDED)
        assert (await give(client, sooner))["waits"] is True
        monkeypatch.setattr("streams.console.giving.MOST_LOOKS", 1)
        assert "too long" in (await give(client, sooner, ANN, 503))["error"]


async def test_a_pair_is_found_among_others_whose_reasons_name_it(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wrote enough of them kept every other from judging the pair."""
    monkeypatch.setattr("streams.console.giving.MOST_RECORDS", 1)
    other = {"alert_id": "b" * 32, "fingerprint": "other"}
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    producer.produce(TOPICS.alerts, orjson.dumps({"payment_id": "P-2", "hits": [HIT | other]}), b"P-2")
    assert producer.flush(30) == 0
    async with form(broker) as client:
        await give(client, DECIDED)
        await give(client, DECIDED | {"alert_id": "b" * 32, "reason": f"as {PAIR}"}, BOB)
        told = await give(client, DECIDED | {"verdict": "true_positive", "stands": 0}, CEM)

    assert told["disposition"]["by"] == "cem"


@asynccontextmanager
async def found_true_meanwhile(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """Cem finds the pair true on another console, between what the next one sees and what they write."""
    loop, real = asyncio.get_running_loop(), disposing.send
    async with form(broker, four_eyes=True) as other:

        def send(*records: Any) -> None:
            monkeypatch.setattr("streams.console.giving.send", real)
            true = give(other, DECIDED | {"verdict": "true_positive"}, CEM)
            asyncio.run_coroutine_threadsafe(true, loop).result(30)
            real(*records)

        monkeypatch.setattr("streams.console.giving.send", send)
        yield


async def test_what_is_approved_while_another_console_finds_it_true_does_not_count_and_is_told(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with form(broker, four_eyes=True) as client:
        await give(client, DECIDED)
        async with found_true_meanwhile(broker, monkeypatch):
            assert "at the same moment" in (await give(client, approve(0), BOB, 409))["error"]
        waits, stands, _, approved, true, proposed = await standing(client)
        told = await give(client, approve(5), BOB)

    assert (stands["key"], approved["value"]["approved_by"]) == (PAIR, "Bob Roe")
    del proposed["value"]["disposition"]["stood"]  # what stood counts from the approval on
    assert (waits["value"], waits["at"]) == (proposed["value"], proposed["at"])
    assert (stands["value"], stands["at"]) == (true["value"], true["at"])
    assert told["disposition"]["stood"] == disposition_from_json(orjson.dumps(true["value"])).mark


async def test_a_withdrawal_that_is_approved_at_such_a_moment_withdraws_nothing(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with form(broker, four_eyes=True) as client:
        await give(client, DECIDED | {"verdict": "true_positive", "days": 10}, CEM)
        await give(client, {"withdraw": PAIR, "reason": "another man", "offset": 0})
        async with found_true_meanwhile(broker, monkeypatch):
            assert "at the same moment" in (await give(client, approve(1), BOB, 409))["error"]
        _, stands, withdrawn, _, true, *_ = await standing(client)
        assert "meanwhile" in (await give(client, approve(1), BOB, 409))["error"]

    assert (withdrawn["value"], stands["value"], stands["at"]) == (None, true["value"], true["at"])


def approve(offset: int) -> dict[str, Any]:
    return {"approve": PAIR, "offset": offset}


async def test_of_two_analysts_the_slower_overrules_the_other_only_knowingly(broker: EmbeddedBroker) -> None:
    """Of one who found it true a false positive from an old page would have cleared the next payment."""
    async with form(broker) as client:
        await give(client, DECIDED | {"verdict": "true_positive", "stands": None})
        assert "meanwhile" in (await give(client, DECIDED | {"stands": None}, BOB, 409))["error"]
        (record,) = await standing(client)
        assert record["value"]["verdict"] == "true_positive"
        told = await give(client, DECIDED | {"stands": record["offset"]}, BOB)

    assert told["disposition"]["by"] == "Bob Roe"


async def test_what_is_over_is_not_approved(broker: EmbeddedBroker) -> None:
    """It would have said that it counts."""
    async with form(broker, four_eyes=True) as client:
        await give(client, DECIDED | {"days": 1e-9})
        told = await give(client, {"approve": PAIR, "offset": 0}, BOB, 409)

    assert "it ended at" in told["error"]


async def test_a_pair_longer_than_a_word_that_is_searched_is_approved(broker: EmbeddedBroker) -> None:
    listed = {"id": f"list:{'x' * 500}", "fingerprint": "listed"}
    alert = {"payment_id": "P-2", "hits": [HIT | {"alert_id": "b" * 32, "designation": listed}]}
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    producer.produce(TOPICS.alerts, orjson.dumps(alert), b"P-2")
    assert producer.flush(30) == 0
    async with form(broker, four_eyes=True) as client:
        await give(client, DECIDED | {"alert_id": "b" * 32})
        told = await give(client, {"approve": f"party|{listed['id']}", "offset": 0}, BOB)

    assert told["disposition"]["approved_by"] == "Bob Roe"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({**DECIDED, "alert_id": "b" * 32}, 404, "no alert b"),
        ({**DECIDED, "alert_id": "{"}, 404, "no alert {"),
        ({**DECIDED, "verdict": "maybe"}, 400, "verdict: one of"),
        ({**DECIDED, "reason": " "}, 400, "reason: 1 to"),
        ({**DECIDED, "reason": "x" * 5000}, 400, "reason: 1 to"),
        ({**DECIDED, "days": 400}, 400, "366 days at most"),
        ({**DECIDED, "days": 0}, 400, "days: a number"),
        ({**DECIDED, "days": 36_526}, 400, "days: a number"),
        ({**DECIDED, "days": 36_525}, 400, "366 days at most"),
        ({**DECIDED, "alert_id": 7}, 400, "alert_id: 1 to 400"),
        ({**DECIDED, "alert_id": "b" * 401}, 400, "alert_id: 1 to 400"),
        ({**DECIDED, "alert_id": words("b" * 200, "b" * 199)}, 404, "no alert b"),
        ({**DECIDED, "reason": "x" * 4_001}, 400, "reason: 1 to 4000"),
        ({"approve": "b" * 801, "offset": 0}, 400, "approve: 1 to 800"),
        ({"approve": words("b" * 200, *["b" * 199] * 3), "offset": 0}, 409, "this pair has no disposition"),
        ({**DECIDED, "days": "NaN"}, 400, "days: a number"),
        ({**DECIDED, "days": True}, 400, "days: a number"),
        ({**DECIDED, "reason": "x" * 20_000}, 413, "bytes are read"),
        ({"approve": PAIR, "offset": 0}, 409, "this pair has no disposition"),
        ([], 400, "a JSON object"),
    ],
)
async def test_what_cannot_be_given_is_said_and_nothing_is_written(
    broker: EmbeddedBroker, body: Any, status: int, said: str
) -> None:
    async with form(broker) as client:
        assert said in (await give(client, body, status=status))["error"]
        assert await standing(client) == []


async def test_only_a_writer_s_own_bearer_token_gives_one(broker: EmbeddedBroker) -> None:
    """A password that a browser adds by itself does not: another site's form would carry it, too."""
    async with form(broker, web_token="only-for-reading") as client:
        assert "no disposition" in (await give(client, DECIDED, "only-for-reading", 403))["error"]
        basic = aiohttp.encode_basic_auth("ann", ANN)
        await give(client, DECIDED, status=403, Authorization=basic)
        await give(client, DECIDED, status=403, **{"Sec-Fetch-Site": "cross-site"})
        await give(client, DECIDED, status=415, **{"Content-Type": "text/plain"})
        async with client.post("/desk/dispositions", json=DECIDED) as answer:
            assert answer.status == 401
        assert await standing(client) == []


async def test_without_writers_there_is_nothing_to_post_to(broker: EmbeddedBroker) -> None:
    console = console_of(load_settings(broker=broker.bootstrap), ())
    server = ConsoleServer("127.0.0.1", 0, console)
    async with (
        server,
        aiohttp.ClientSession(server.url) as client,
        client.post("/desk/dispositions", json=DECIDED) as answer,
    ):
        assert answer.status == 404


@pytest.mark.parametrize(("writers", "given"), [(None, False), ("", False), (f"ann:{ANN}", True)])
def test_there_is_a_form_only_where_somebody_may_give_dispositions(writers: str | None, given: bool) -> None:
    settings = load_settings(broker="b:1", web_writers=writers)

    assert (giving_of(settings, console_of(settings, ())) is not None) is given
