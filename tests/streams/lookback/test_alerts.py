"""What an alert of a lookback says beside its decision: what let the payment pass, and what can be done."""

from typing import Any

import orjson
import pytest

from screening import Screener, decode_payment
from streams.kafka.topics import Topics
from streams.lookback.alerts import LookbackAlerts
from streams.lookback.decided import Original
from streams.records.json import Origin
from tests.streams.past import VERSOR, event

TOPICS = Topics("t-")
PASSED = Original("d-1", "clear", "2023-08-16T00:00:00.000+00:00")


@pytest.mark.parametrize("original", [PASSED, None])
def test_an_alert_names_the_decision_that_let_its_payment_pass(original: Original | None) -> None:
    sent: list[Any] = []

    class Alerts(LookbackAlerts):
        def send(self, topic: str, key: bytes, value: bytes) -> None:
            sent.append((topic, key, orjson.loads(value)))

    alerts = Alerts({"bootstrap.servers": "127.0.0.1:1"}, TOPICS, b"secret")
    screener = Screener()
    screener.upsert(VERSOR)
    (payment,) = decode_payment(event("P-1", "Versor s.r.o.", status="settled"))
    alerts.alert(payment, screener.screen(payment), Origin("t-payments", 1, 7, 99), original)

    ((topic, key, alert),) = sent
    assert (topic, key, alerts._chain.writer, alerts._chain._key) == (
        TOPICS.alerts,
        b"P-1",
        "lookback",
        b"secret",
    )
    assert alert["latency_ms"] == 0.0
    assert alert["event"] == {"topic": "t-payments", "partition": 1, "offset": 7, "timestamp_ms": 99}
    assert alert.get("original") == (original._asdict() if original else None)
    assert "stoppable" in alert
