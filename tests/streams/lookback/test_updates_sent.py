"""Which alerts since a moment are updated when designations change, and what is published of them."""

import time
from typing import Any

import orjson
import pytest

from streams.kafka.topics import Topics
from streams.lookback import updates
from streams.lookback.updates import AlertUpdates
from tests.streams.lookback.test_updates import RENAMED, alert, screener
from tests.streams.past import VERSOR
from tests.streams.topics_in_memory import TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}
TOPICS = Topics("t-")
NOW = time.time()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is sealed and sent, and that it was delivered before the writer is let go of."""
    did: list[Any] = []

    class Writer:
        def __init__(self, client: Any, topics: Topics, chain: Any) -> None:
            assert (client, topics) == (CLIENT, TOPICS)
            did.append((chain._key, chain.writer))

        def __enter__(self) -> "Writer":
            return self

        def __exit__(self, *error: object) -> None:
            did.append("closed")

        def send(self, topic: str, key: bytes, value: bytes) -> None:
            update = orjson.loads(value)
            did.append((topic, key, update["update"]["what"], update["hits"][0]["designation"]["name"]))

        def delivered(self) -> None:
            did.append("delivered")

    monkeypatch.setattr(updates, "SealedWriter", Writer)
    return did


def test_alerts_of_the_window_on_what_changed_are_updated_and_no_others(
    sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = TopicsInMemory()
    topics.stand_in(monkeypatch)
    for payment_id, at in (("old", NOW - 100), ("P-1", NOW - 50), ("P-2", NOW - 40)):
        topics.put(TOPICS.alerts, payment_id, orjson.dumps(alert() | {"payment_id": payment_id}), at)
    held = AlertUpdates(CLIENT, TOPICS, NOW - 60, b"secret")

    assert held.send({"ofac:9"}, screener(RENAMED)) == 0
    assert held.send({VERSOR.id}, screener(VERSOR)) == 0
    assert sent == []
    assert held.send({VERSOR.id, "ofac:9"}, screener(RENAMED)) == 2
    assert sent == [
        (b"secret", "updates"),
        (TOPICS.alerts, b"P-1", "amended", "VERSOR TRADING S.R.O."),
        (TOPICS.alerts, b"P-2", "amended", "VERSOR TRADING S.R.O."),
        "delivered",
        "closed",
    ]
