"""`interdict tail`: the newest decisions and alerts as lines that a person can read."""

import json
import signal
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from confluent_kafka import Producer

from streams.commands.tail import command
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import TopicLog

HIT = {
    "role": "creditor",
    "value": "Versor s.r.o.\x1b[31m",
    "action": "hold",
    "score": 1.0,
    "designation": {"id": "ofac:44521", "name": "VERSOR S.R.O."},
}


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"screening.decisions": 3, "screening.alerts": 1}) as embedded:
        yield embedded


def write(broker: EmbeddedBroker, *records: tuple[str, bytes]) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    for number, (key, value) in enumerate(records):
        producer.produce(
            "screening.decisions",
            value,
            key,
            partition=number % 3,
            timestamp=1_700_000_000_000 + number * 1000,
        )
    assert producer.flush(10) == 0


def decision(payment: str, outcome: str, **more: Any) -> tuple[str, bytes]:
    return payment, orjson.dumps({"payment_id": payment, "outcome": outcome, "hits": [], **more})


def tail(broker: EmbeddedBroker, *arguments: str) -> Result:
    result = CliRunner().invoke(command, ["--broker", broker.bootstrap, "decisions", *arguments])
    assert result.exit_code == 0, result.output
    return result


def test_the_newest_over_all_partitions_are_shown_oldest_first(broker: EmbeddedBroker) -> None:
    write(broker, *(decision(f"P-{number}", "clear") for number in range(20)))

    lines = tail(broker, "--last", "4").stdout.splitlines()

    assert [line.split()[-1] for line in lines] == ["P-16", "P-17", "P-18", "P-19"]


def test_nothing_to_show_is_said(broker: EmbeddedBroker) -> None:
    write(broker, decision("P-1", "clear"))

    result = tail(broker, "--outcome", "hit")

    assert (result.stdout, result.stderr) == ("", "screening.decisions: nothing to show\n")


def test_outcome_and_payment_choose(broker: EmbeddedBroker) -> None:
    write(broker, decision("P-1", "clear"), decision("P-2", "hit", hits=[HIT]), decision("P-3", "clear"))

    assert "P-2" in tail(broker, "--outcome", "hit").stdout
    assert "P-1" not in tail(broker, "--outcome", "hit").stdout
    (record,) = map(json.loads, tail(broker, "--payment", "P-3", "--json").stdout.splitlines())
    assert record["payment_id"] == "P-3"


def test_a_hit_says_who_and_no_control_character_reaches_the_terminal(broker: EmbeddedBroker) -> None:
    write(broker, decision("P-2", "hit", hits=[HIT] * 5))

    shown = tail(broker).stdout

    assert "creditor: Versor s.r.o.·[31m  ~  VERSOR S.R.O. (ofac:44521)" in shown
    assert "and 2 more hits" in shown
    assert "\x1b" not in shown


def test_what_is_no_record_is_counted_and_passed(broker: EmbeddedBroker) -> None:
    others: tuple[object, ...] = ([1], {"hits": [1]}, {"outcome": []}, {"hits": 1})
    odd = [("P-3", orjson.dumps(each)) for each in others]
    write(broker, decision("P-1", "clear"), ("P-2", b"{no json"), *odd)

    result = tail(broker)

    assert "P-1" in result.stdout
    assert "5 records are none of ours" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_followed_is_done_when_it_is_stopped(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Ctrl-C was a failure, and SIGTERM ended whatever was under way where it was."""
    write(broker, decision("P-1", "clear"))
    before = signal.getsignal(signal.SIGTERM)

    def follow(*_: object) -> Iterator[None]:
        signal.raise_signal(number)
        yield None

    monkeypatch.setattr(TopicLog, "follow_all", follow)

    assert tail(broker, "--follow").stderr == ""
    assert signal.getsignal(signal.SIGTERM) is before
