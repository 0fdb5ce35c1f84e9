"""What each decision and each metric says of the time that a batch took, by a clock that the test moves."""

from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from screening import Screener
from streams.console.feed import Feed
from streams.worker import desk as deciding
from streams.worker import results as publishing
from streams.worker.desk import ScreeningDesk
from streams.worker.results import Publication
from tests.streams.list_topic import designation
from tests.streams.worker.test_desk import PAYMENT, TOPICS, Barrier, Outbox, Replica, decide, message

LIST_SECONDS, SEND_SECONDS, ACKNOWLEDGED_SECONDS = 0.25, 0.125, 0.5


class Told:
    """Metrics and feed that keep what they are told of times."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def batch_taken(self, count: int, waited: float) -> None:
        self.said.append(("waited", count, waited))

    def acknowledged(self, seconds: list[float], trace_id: object) -> None:
        self.said.append(("acknowledged", seconds, trace_id))

    def __getattr__(self, name: str) -> Any:
        return lambda *_said: None


async def test_a_decision_says_the_milliseconds_since_it_was_read_and_a_batch_when_it_was_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_000.0]

    class SlowList(Barrier):
        async def list_end(self) -> int:
            now[0] += LIST_SECONDS
            return 0

    class SlowOutbox(Outbox):
        def send(self, *record: Any) -> None:
            now[0] += SEND_SECONDS
            super().send(*record)

        def keep(self, *record: Any) -> None:
            self.send(*record)

        async def _delivered(self) -> None:
            now[0] += ACKNOWLEDGED_SECONDS

    feed_said: list[tuple[str, float]] = []

    class ToldFeed(Feed):
        def decided(self, outcome: Any, seconds: float) -> None:
            feed_said.append((outcome.value, seconds))

    clock = SimpleNamespace(
        monotonic=lambda: now[0],
        perf_counter=lambda: 0.0,
        thread_time=lambda: 0.0,
        time=lambda: 1692178203.5,
        time_ns=lambda: 0,
    )
    for module in (deciding, publishing):
        monkeypatch.setattr(module, "time", clock)
    replica: Any = Replica(Screener())
    replica.screener.upsert(designation("44521", "VERSOR S.R.O."))
    outbox: Any = SlowOutbox()
    barrier: Any = SlowList()
    metrics: Any = Told()
    desk = ScreeningDesk(replica, barrier, Publication(outbox, TOPICS, metrics, ToldFeed()), metrics)

    clear = {"id": "P-2", "parties": [{"name": "Acme"}]}
    await decide(desk, [message(orjson.dumps(PAYMENT)), message(b"{"), message(orjson.dumps(clear))])

    (alert,) = outbox.to(TOPICS.alerts)
    assert alert["latency_ms"] == 250.0
    assert [each["latency_ms"] for each in outbox.to(TOPICS.decisions)] == [250.0, 500.0, 750.0]
    assert feed_said == [("hit", 0.25), ("error", 0.5), ("clear", 0.75)]
    assert metrics.said == [("waited", 3, 3.5), ("acknowledged", [1.375] * 3, None)]
