"""The memory of pairs on a real Kafka: what every worker alerted, known to each of them."""

import asyncio

import orjson
import pytest

from screening import Screener, decode_payment
from streams.worker.replicas.repeats import PairReplica
from tests.streams.past import VERSOR, Past, event

pytestmark = pytest.mark.kafka


def test_pairs_are_known_again_after_a_restart_and_follow_ups_are_not_counted(
    kafka: str, topic_prefix: str
) -> None:
    past, screener = Past(kafka, topic_prefix), Screener()
    screener.upsert(VERSOR)
    for number in range(4):
        raw = event(f"P-{number}", "Versor s.r.o.")
        past.decide(raw, screener, seconds_ago=60 - number, partition=number % 3)
    past.written()
    told = past.alerts()
    follow_up = orjson.dumps(told[1] | {"update": {"what": "amended"}})
    past.send(past.topics.alerts, "P-1", follow_up, 1.0, 1)
    past.written()
    (payment,) = decode_payment(event("P-9", "Versor s.r.o."))

    async def worker() -> None:
        replica = PairReplica(past.topics.alerts, {"bootstrap_servers": kafka})
        await replica.start()
        (repeat,) = replica.known.repeats(screener.screen(payment)).values()
        first = min(told, key=lambda alert: str(alert["screened_at"]))
        assert repeat == (first["hits"][0]["alert_id"], 5)
        await replica.stop()

    asyncio.run(worker())
