"""A shadow policy: compared on live payments, never seen by a decision."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner
from confluent_kafka import KafkaError

from config.settings import load_settings
from screening import Policy, Screener, decode_payment
from screening.evaluation.comparison import Comparison
from streams.cli import main
from streams.offline.policies import load_policy
from streams.records.json import list_state_to_json
from streams.worker.app import Worker
from streams.worker.desk import ScreeningDesk
from streams.worker.metrics import Metrics
from streams.worker.shadow import Shadow
from tests.streams.past import PETROV, VERSOR, Past, event
from tests.streams.worker.test_desk import TOPICS, decide, desk, message
from tests.test_schemas import check

__all__ = ["desk"]

PATIENCE_SECONDS = 60.0
NAMES = ("Versor s.r.o.", "Versar s.r.o.", "Igor Petrov", "Igor Petrof", "Acme Ltd", "Northern Bicycle Works")
EVENTS = [event(f"P-{number}", NAMES[number % len(NAMES)]) for number in range(60)]
STRICT = Policy(threshold=0.97)


class Broken(Screener):
    """Fails on every payment."""

    def screen(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("the shadow fails")


class Producer:
    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.records: list[bytes] = []

    def produce(self, _: str, value: bytes, *__: Any, **___: Any) -> None:
        if self.full:
            raise BufferError
        self.records.append(value)

    def poll(self, _: float) -> None: ...

    def flush(self, _: float) -> int:
        return 0


def shadow(desk: ScreeningDesk, **more: Any) -> Shadow:
    made = Shadow(STRICT, "t.screening.shadow", {}, desk.metrics, worker="w", idle=desk.idle, **more)
    producer: Any = Producer()
    made._producer = producer
    desk.publication.shadow = made
    return made


def lost(desk: ScreeningDesk, reason: str) -> float | None:
    return desk.metrics.registry.get_sample_value("interdict_shadow_losses_total", {"reason": reason})


def without_clock(records: Iterable[dict[str, Any]]) -> list[bytes]:
    """The bytes of decisions but for the two values of the clock."""
    return [orjson.dumps({**record, "screened_at": "", "latency_ms": 0}) for record in records]


async def decided(desk: ScreeningDesk) -> list[bytes]:
    outbox: Any = desk.publication.outbox
    await decide(desk, [message(raw) for raw in EVENTS])
    return without_clock(outbox.to(TOPICS.decisions))


async def test_what_is_compared_live_is_what_a_backtest_compares(desk: ScreeningDesk) -> None:
    made, screener = shadow(desk), desk.replica.screener
    proposed = screener.under(STRICT)
    expected = Comparison()
    for raw in EVENTS:
        (payment,) = decode_payment(raw)
        expected.add(payment, screener.screen(payment), proposed.screen(payment))

    await decide(desk, [message(raw) for raw in EVENTS])
    while made._waiting:
        made._compare(*made._waiting.popleft())
    made.publish()

    producer: Any = made._producer
    record = check("comparison", producer.records[0])
    assert {name: record[name] for name in expected.report()} == json.loads(json.dumps(expected.report()))
    assert record["alerts"]["only_current"] == 10
    assert record["current_policy"] == screener.policy.sha256
    assert record["list"] == json.loads(json.dumps(list_state_to_json(screener.lists)))
    made._live = None
    assert (made._record()["current_policy"], made._record()["list"]) == ("", {})


async def test_a_shadow_that_fails_or_is_full_is_counted_and_changes_no_decision(desk: ScreeningDesk) -> None:
    plain = await decided(desk)
    outbox: Any = desk.publication.outbox
    outbox.sent.clear()
    made = shadow(desk, most_waiting=40)
    made._live, made._shadow = desk.replica.screener, Broken()
    full: Any = Producer(full=True)
    made._producer = full

    assert await decided(desk) == plain
    while made._waiting:
        made._compare(*made._waiting.popleft())
    made.publish()

    assert (lost(desk, "busy"), lost(desk, "screening"), lost(desk, "broker")) == (20, 40, 1)


async def test_a_list_that_went_on_is_compared_as_it_is_on_both_sides(desk: ScreeningDesk) -> None:
    made = shadow(desk)
    await decide(desk, [message(event("P-1", "Igor Petrov"))])
    desk.replica.screener.upsert(PETROV)
    desk.replica.screener.lists = type(desk.replica.screener.lists)({}, {0: 9})

    made._compare(*made._waiting.popleft())

    assert made._comparison.report()["alerts"] == {"both": 1, "only_current": 0, "only_proposed": 0}


def test_two_policies_on_one_table_need_the_same_party_books() -> None:
    with pytest.raises(ValueError, match="party_books"):
        Screener().under(Policy(party_books=frozenset({"owned"})))


def test_comparisons_add_up() -> None:
    one, whole = Comparison(), Comparison()
    screener = Screener()
    screener.upsert(VERSOR)
    added = Comparison()
    for place, raw in enumerate(EVENTS):
        (payment,) = decode_payment(raw)
        sides = screener.screen(payment), screener.under(STRICT).screen(payment)
        whole.add(payment, *sides)
        one.add(payment, *sides)
        if place % 7 == 0:
            added.include(json.loads(json.dumps(one.report())))
            one = Comparison()
    added.include(one.report())

    assert added.report() == whole.report()


async def test_nothing_is_compared_while_a_batch_is_being_decided_and_all_of_it_afterwards(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.shadow.ordered_producer", lambda _: Producer())
    made = shadow(desk)
    await decide(desk, [message(raw) for raw in EVENTS])
    compared: list[bool] = []
    compare = made._compare

    def seen(*waiting: Any) -> None:
        compared.append(desk.idle.is_set())
        compare(*waiting)
        if len(compared) == 5:
            desk.idle.clear()  # the next batch is taken

    monkeypatch.setattr(made, "_compare", seen)
    desk.idle.clear()
    async with made:
        for _ in range(50):
            await asyncio.sleep(0)
        assert compared == []
        desk.idle.set()
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(compared) == 5
        desk.idle.set()
        desk.idle.clear()  # the next batch was there before the shadow had its turn
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(compared) == 5
        desk.idle.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while made._waiting:  # noqa: ASYNC110
                await asyncio.sleep(0)

    assert compared == [True] * len(EVENTS)


async def work(past: Past, group: str, shadow_file: Path | None) -> list[dict[str, Any]]:
    """A real worker over all payments; returns its decisions in the payments' order."""
    settings = load_settings(
        broker=past.client["bootstrap.servers"],
        topic_prefix=past.topics.prefix,
        group=past.topics.prefix + group,
        web_port=0,
        shadow_policy_file=shadow_file,
    )
    before = len(decisions(past))
    app = Worker(settings, load_policy(None))
    await app.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(await asyncio.to_thread(decisions, past)) < before + len(EVENTS):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            while app.shadow and app.shadow._waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await app.stop()
    return decisions(past)[before:]


def decisions(past: Past) -> list[dict[str, Any]]:
    return [orjson.loads(record.value or b"") for record in past.records(past.topics.decisions)]


@pytest.mark.kafka
def test_decisions_are_byte_for_byte_the_same_with_and_without_a_shadow(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    past = Past(kafka, topic_prefix, partitions=1)
    past.publish(VERSOR, PETROV)
    strict = tmp_path / "strict.toml"
    strict.write_text("threshold = 0.97\n")
    broken = tmp_path / "broken.toml"
    broken.write_text("threshold = 7\n")

    async def scene() -> list[list[dict[str, Any]]]:
        producer = AIOKafkaProducer(bootstrap_servers=kafka)
        await producer.start()
        for raw in EVENTS:
            await producer.send_and_wait(past.topics.payments, raw, key=b"k")
        await producer.stop()
        return [await work(past, str(place), file) for place, file in enumerate((None, strict, broken))]

    plain, shadowed, without_policy = asyncio.run(scene())

    assert without_clock(shadowed) == without_clock(plain) == without_clock(without_policy)
    flags = ["--broker", kafka, "--prefix", past.topics.prefix]
    told = CliRunner().invoke(main, ["backtest", "--shadow", "--since", "1h", "--json", *flags])
    assert told.exit_code == 0, told.output
    report = json.loads(told.stdout)
    assert report["payments"] + report["left_out"] == len(EVENTS)
    assert (report["payments"], report["alerts"]["only_current"]) == (60, 20)


def test_the_shadow_s_losses_are_there_at_zero() -> None:
    names = {"reason": "policy"}

    assert Metrics(process=False).registry.get_sample_value("interdict_shadow_losses_total", names) == 0


async def test_a_comparison_that_the_broker_refuses_is_counted_and_one_that_it_takes_is_not(
    desk: ScreeningDesk,
) -> None:
    made = shadow(desk)
    before = lost(desk, "broker") or 0.0
    taken: Any = object()

    made._answered(None, taken)
    assert (lost(desk, "broker") or 0.0) == before
    made._answered(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED), taken)
    assert lost(desk, "broker") == before + 1
