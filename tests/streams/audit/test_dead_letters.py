"""Dead letters on a real Kafka: found by time, reason and key, and sent again once, with who and why."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from confluent_kafka import Producer

from config.settings import load_settings
from screening import Policy
from screening.payments.mapping_file import read_mappings
from streams.audit.dead_letters import Wanted, find, replay
from streams.cli import main
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import Record, TopicLog
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.dead_letters import dead_letter
from streams.worker.app import Worker
from tests.e2e.worker import wait_until
from tests.streams.list_topic import ListTopic
from tests.streams.past import Past

pytestmark = pytest.mark.kafka
PATIENCE_SECONDS = 30.0
MAPPING = """
[[mapping]]
name = "ours"
when = "$.ref"
id = "$.ref"
[[mapping.party]]
role = "creditor"
name = "$.payee"
"""
HEADERS = [("content-type", b"application/json"), ("x", b"1"), ("x", b"2")]


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix, partitions=2)


def letter(past: Past, number: int, code: str = "not_json", value: bytes | None = None, **more: str) -> None:
    """What a worker writes for a message it cannot read."""
    error = {"topic": past.topics.payments, "partition": "0", "offset": str(number), "code": code}
    error |= {"message": "at 1: no JSON", "version": "1.0.0", "decision": f"{number:032x}", **more}
    headers: list[tuple[str, str | bytes | None]]
    headers = [*HEADERS, *((f"interdict.error.{name}", text.encode()) for name, text in error.items())]
    producer = Producer({**past.client, "message.max.bytes": 16 << 20, "compression.type": "zstd"})
    body = b"{%d" % number if value is None else value or None
    producer.produce(past.topics.dead_letters, body, b"K-%d" % number, headers=headers, partition=0)
    assert producer.flush(30) == 0


def dead_letters(past: Past, *arguments: str, code: int = 0) -> str:
    flags = ["--broker", past.client["bootstrap.servers"], "--prefix", past.topics.prefix]
    told = CliRunner().invoke(main, ["dead-letters", arguments[0], *flags, *arguments[1:]])
    assert told.exit_code == code, told.output
    return told.stdout


def send(past: Past, *which: str, code: int = 0) -> dict[str, Any]:
    words = ("--by", "J. Doe", "--why", "mapping mended", "--json")
    return dict(orjson.loads(dead_letters(past, "replay", *words, *which, code=code)))


def listed(past: Past, *which: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in dead_letters(past, "list", "--json", *which).splitlines()]


def paid(past: Past) -> list[Record]:
    with TopicLog(past.client, past.topics.payments) as log:
        return [*log.read_all(log.spans())]


def test_dead_letters_are_found_by_reason_key_and_time(past: Past) -> None:
    for number, code in enumerate(("not_json", "wrong_type", "wrong_type")):
        letter(past, number, code)

    assert [found["key"] for found in listed(past)] == ["K-0", "K-1", "K-2"]
    assert [found["key"] for found in listed(past, "--reason", "wrong_type")] == ["K-1", "K-2"]
    assert [found["key"] for found in listed(past, "--key", "K-2", "--key", "K-0")] == ["K-0", "K-2"]
    assert listed(past, "--until", "1h") == []
    assert len(listed(past, "--since", "1h")) == 3
    assert "no JSON" in dead_letters(past, "list")


def test_a_message_is_sent_again_once_with_its_own_key_bytes_and_headers(past: Past) -> None:
    letter(past, 7)
    letter(past, 7)  # a worker that was killed wrote it twice

    assert send(past, "--all") == {"sent": 1, "sent_before": 0, "gone": []}
    assert send(past, "--all") == {"sent": 0, "sent_before": 1, "gone": []}
    (record,) = paid(past)
    assert (record.key, record.value) == (b"K-7", b"{7")
    assert [*record.pairs[: len(HEADERS)]] == HEADERS
    assert not any(name.startswith("interdict.error") for name in record.headers)
    (again,) = [found["sent_again"] for found in listed(past)]
    assert (again["by"], again["why"]) == ("J. Doe", "mapping mended")
    assert listed(past, "--waiting") == []


def test_a_customer_that_could_not_be_read_is_not_sent_as_a_payment(past: Past) -> None:
    """It became a payment that is no payment, and the customer's dead letter was said to be sent again."""
    letter(past, 1, topic=past.topics.customers)
    letter(past, 2)

    assert send(past, "--all", "--dry-run") == {"would_send": 1, "sent_before": 0, "gone": []}
    assert send(past, "--all") == {"sent": 1, "sent_before": 0, "gone": []}
    assert [record.key for record in paid(past)] == [b"K-2"]
    assert [found["key"] for found in listed(past, "--waiting")] == ["K-1"]


def test_a_message_where_another_stood_before_its_topic_was_recreated_is_another(past: Past) -> None:
    letter(past, 7, timestamp="1000")
    assert send(past, "--all")["sent"] == 1
    letter(past, 7, timestamp="2000")
    letter(past, 7, timestamp="2000")

    assert [found["sent_again"] is None for found in listed(past)] == [False, True]
    assert send(past, "--all") == {"sent": 1, "sent_before": 1, "gone": []}
    assert listed(past, "--waiting") == []


def test_one_that_was_too_large_for_its_topic_is_sent_from_where_it_stood_or_named(past: Past) -> None:
    past.send(past.topics.payments, "K-0", b"{large", 0, 0)
    past.written()
    letter(past, 0, value=b"", value_left_out="6")
    letter(past, 99, value=b"", value_left_out="6")

    told = send(past, "--all", code=1)

    assert told == {"sent": 1, "sent_before": 0, "gone": [f"{past.topics.payments}-0@99"]}
    assert [record.value for record in paid(past)] == [b"{large", b"{large"]


def test_one_of_megabytes_is_sent_as_it_came_and_holds_up_none_behind_it(past: Past) -> None:
    """The client took no record over a million bytes, whatever its topic takes: `--all` sent nothing."""
    large = b"{" + bytes(random.Random(1).choices(b" \n", k=9 << 20))
    letter(past, 0)
    letter(past, 1, value=large)
    letter(past, 2)

    assert send(past, "--all") == {"sent": 3, "sent_before": 0, "gone": []}
    wait_until(lambda: len(paid(past)) == 3, "the transaction is seen")
    assert {record.key: record.value for record in paid(past)} == {
        b"K-0": b"{0",
        b"K-1": large,
        b"K-2": b"{2",
    }


def test_nothing_is_sent_without_saying_which_who_and_why(past: Past) -> None:
    letter(past, 0)

    dead_letters(past, "replay", "--by", "J", "--why", "x", code=2)
    dead_letters(past, "replay", "--by", " ", "--why", "x", "--all", code=2)
    assert send(past, "--all", "--dry-run") == {"would_send": 1, "sent_before": 0, "gone": []}
    assert paid(past) == []


def test_a_replay_that_is_killed_has_sent_each_message_once_when_it_was_run_again(past: Past) -> None:
    producer = Producer(past.client)
    for number in range(2_000):
        error = {"topic": "p", "partition": "0", "offset": str(number), "code": "not_json"}
        headers: Any = [(f"interdict.error.{name}", text.encode()) for name, text in error.items()]
        producer.produce(past.topics.dead_letters, b"{%d" % number, b"K", headers=headers, partition=0)
        producer.poll(0)
    assert producer.flush(30) == 0
    flags = ("--broker", past.client["bootstrap.servers"], "--prefix", past.topics.prefix)
    words = (sys.executable, "-m", "streams", "dead-letters", "replay", *flags)
    killed = subprocess.Popen([*words, "--all", "--by", "J", "--why", "x"])
    ends = time.monotonic() + PATIENCE_SECONDS
    while not paid(past) and time.monotonic() < ends:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    told = send(past, "--all")

    assert told["sent"] + told["sent_before"] == 2_000
    assert told["sent_before"] > 0
    assert sorted(record.value or b"" for record in paid(past)) == sorted(
        b"{%d" % each for each in range(2_000)
    )


def test_two_replays_at_once_send_each_message_once(past: Past) -> None:
    for number in range(20):
        letter(past, number)
    flags = ("--broker", past.client["bootstrap.servers"], "--prefix", past.topics.prefix)
    words = (sys.executable, "-m", "streams", "dead-letters", "replay", *flags)
    both = [subprocess.Popen([*words, "--all", "--by", "J", "--why", "x"]) for _ in range(2)]
    for one in both:
        one.wait(PATIENCE_SECONDS * 2)
    send(past, "--all")

    assert len(paid(past)) == 20


def test_the_decision_of_a_message_that_was_sent_again_says_what_it_replaces(past: Past) -> None:
    asyncio.run(_decided_again(past))
    decisions = [orjson.loads(record.value or b"") for record in past.records(past.topics.decisions)]
    first, second = sorted(decisions, key=lambda one: one["event"]["offset"])

    (sent,) = listed(past)
    assert (first["outcome"], second["outcome"]) == ("error", "clear")
    assert sent["decision_id"] == first["decision_id"]
    assert second["replaces"] == {
        "dead_letter": sent["place"],
        "event": sent["event"],
        "decision_id": first["decision_id"],
    }
    assert second["decision_id"] != first["decision_id"]


async def _decided_again(past: Past) -> None:
    """A shape that no policy reads, then a mapping for it, then the replay."""
    async with ListTopic(past.client["bootstrap.servers"], past.topics.designations) as topic:
        await topic.entry("1", "Igor Petrov")
        await topic.commit()
    past.pay(b'{"ref": "P-1", "payee": "Acme"}', seconds_ago=0, key="K-1")
    past.written()
    await _worker(past, Policy(), decided=1)
    await asyncio.to_thread(send, past, "--all")
    await _worker(past, Policy(mappings=read_mappings(MAPPING)), decided=1)


async def _worker(past: Past, policy: Policy, decided: int) -> None:
    settings = load_settings(
        broker=past.client["bootstrap.servers"],
        topic_prefix=past.topics.prefix,
        group=f"{past.topics.prefix}workers",
        web_port=0,
    )
    app = Worker(settings, policy)
    await app.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while app.desk.decided < decided:  # noqa: ASYNC110  it has no event
            await asyncio.sleep(0.05)
    await app.stop()


def test_on_the_embedded_broker_a_replay_says_that_it_needs_another() -> None:
    with EmbeddedBroker({"payments": 1, "screening.dead-letters": 1}) as broker:
        client = {"bootstrap.servers": broker.bootstrap}
        with pytest.raises(BrokerError, match="transactions"):
            replay(client, Topics(""), "interdict", Wanted(), "J", "x")


def test_a_record_that_is_no_dead_letter_is_left_alone(past: Past) -> None:
    past.send(past.topics.dead_letters, "K", b"something else", 0, 0)
    past.written()

    assert find(past.client, past.topics, Wanted()).letters == []
    assert dead_letter("d", 0, Record(0, 0.0, b"", b"x", {})) is None
