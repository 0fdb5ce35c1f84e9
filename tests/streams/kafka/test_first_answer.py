"""Who waits for a broker is told so before the time is over; who is refused need not wait."""

import logging

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from streams.kafka import provisioning
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import BrokerError, TopicAdmin

NOBODY = {"bootstrap.servers": "127.0.0.1:1"}


def test_what_is_waited_for_is_said_long_before_the_wait_is_over(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(provisioning, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(provisioning, "TIMEOUT_SECONDS", 0.2)
    with caplog.at_level(logging.WARNING), TopicLog(NOBODY, "payments") as log:
        monkeypatch.setattr("streams.kafka.log.TIMEOUT_SECONDS", 0.2)
        with pytest.raises(BrokerError, match=r"payments: .*is the broker up"):
            log.partitions()
        with pytest.raises(BrokerError, match=r"127\.0\.0\.1:1: no answer"):
            TopicAdmin(NOBODY).check()

    said = [record.getMessage() for record in caplog.records]
    assert said == ["127.0.0.1:1: no broker answers yet; waiting for 0 s more"] * 2


def test_a_whole_answer_or_a_refusal_is_not_asked_for_twice() -> None:
    asked = list[float]()

    def refuse(wait: float) -> AdminClient:
        asked.append(wait)
        raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))

    def answer(wait: float) -> str:
        asked.append(wait)
        return "here"

    with pytest.raises(KafkaException):
        provisioning.first_answer(refuse, "payments")
    assert provisioning.first_answer(answer, "payments") == "here"
    assert asked == [2.0, 2.0]
