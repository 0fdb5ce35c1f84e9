"""When a transaction of answers is due, and what is said of a record that the broker refused."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError

from streams.answers import outputs
from streams.answers.outputs import SOON_SECONDS, Outputs


class Producer:
    def __init__(self) -> None:
        self.did: list[Any] = []
        self.answers: list[Callable[[], object]] = []

    def begin_transaction(self) -> None:
        self.did.append("begin")

    def abort_transaction(self, seconds: float) -> None:
        assert seconds == 30.0
        self.did.append("abort")

    def poll(self, seconds: float) -> None:
        """What the broker answered is told where it is asked for."""
        assert seconds == 0
        for answer in self.answers:
            answer()

    def commit_transaction(self, seconds: float) -> None:
        assert seconds == 30.0
        self.did.append("commit")

    def send_offsets_to_transaction(self, offsets: list[Any], member: object, seconds: float) -> None:
        assert (member, seconds) == ("member", 30.0)
        self.did.append(sorted((at.topic, at.partition, at.offset) for at in offsets))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    one: Any = object.__new__(Outputs)
    one._producer, one._under_way, one._refused, one._began, one.now = Producer(), False, "", 0.0, 100.0
    monkeypatch.setattr(outputs, "time", SimpleNamespace(monotonic=lambda: one.now))
    return one


def test_a_transaction_is_due_once_it_is_open_long_enough(made: Any) -> None:
    assert not made.due
    made.begin()
    made.begin()
    made.now += SOON_SECONDS
    assert not made.due
    made.now += 0.01
    assert made.due
    made.commit("member", {"t": {0: 5}, "u": {1: 7}})

    assert not made.due
    assert made._producer.did == ["begin", [("t", 0, 5), ("u", 1, 7)], "commit"]
    made.close()
    assert made._producer.did[-1] == "commit"


def test_what_is_under_way_at_the_end_is_never_seen(made: Any) -> None:
    made.begin()
    made.close()
    made.close()

    assert made._producer.did == ["begin", "abort"]


def test_the_first_record_that_was_refused_is_named(made: Any) -> None:
    at: Any = SimpleNamespace(topic=lambda: "t-payments.released")
    other: Any = SimpleNamespace(topic=lambda: "another")
    made._sent(None, other)
    assert made.refused == ""
    refused = KafkaError(KafkaError.MSG_SIZE_TOO_LARGE)
    made._producer.answers = [lambda: made._sent(refused, at), lambda: made._sent(refused, other)]

    assert made.refused.startswith("t-payments.released: ")
