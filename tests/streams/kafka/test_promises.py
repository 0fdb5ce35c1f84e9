"""What is made of a broker's answer about a topic's settings, each answer by itself."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.admin.config_resource import ConfigResourceType
from aiokafka.errors import (
    IncompatibleBrokerVersion,
    InvalidTopicError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from streams.kafka import promises
from streams.kafka.promises import Promises, PromisesUnknownError, promises_of

CLIENT = {"bootstrap_servers": "b:1"}


class Admin:
    """A broker's answer, or its refusal; `did` is what was asked of it."""

    def __init__(self, answer: Any, starts: Exception | None = None) -> None:
        self.answer, self.starts = answer, starts
        self.did: list[str] = []

    def __call__(self, **options: Any) -> "Admin":
        assert options == CLIENT
        return self

    async def start(self) -> None:
        self.did.append("start")
        if self.starts:
            raise self.starts

    async def describe_configs(self, asked: list[Any]) -> list[Any]:
        (one,) = asked
        assert (one.resource_type, one.name) == (ConfigResourceType.TOPIC, "t")
        assert set(one.configs) == {"cleanup.policy", "min.insync.replicas"}
        if isinstance(self.answer, Exception):
            raise self.answer
        code, *values = self.answer
        return [SimpleNamespace(resources=[(code, "said", 2, "t", values)])]

    async def close(self) -> None:
        self.did.append("close")


async def asked(monkeypatch: pytest.MonkeyPatch, answer: Any, **more: Any) -> Promises | Exception:
    admin = Admin(answer, **more)
    monkeypatch.setattr(promises, "AIOKafkaAdminClient", admin)
    try:
        return await promises_of(CLIENT, "t")
    except (OSError, RuntimeError) as error:
        return error
    finally:
        assert admin.did == ["start", "close"]


async def test_a_kafka_says_what_it_deletes_and_how_many_copies_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = (0, ("min.insync.replicas", "2", False), ("cleanup.policy", "delete", False))

    assert await asked(monkeypatch, answer) == Promises("delete", 2, is_kafka=True)


async def test_the_embedded_broker_knows_no_settings_and_keeps_one_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await asked(monkeypatch, IncompatibleBrokerVersion("no such request"))

    assert found == Promises("compact", 1, is_kafka=False)


async def test_a_right_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await asked(monkeypatch, (TopicAuthorizationFailedError.errno,))

    assert isinstance(found, PromisesUnknownError)
    assert str(found) == "t: the broker does not disclose its settings; allow DESCRIBE_CONFIGS"


async def test_anything_else_that_it_refuses_is_the_broker_s_own_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await asked(monkeypatch, (InvalidTopicError.errno,))

    assert isinstance(found, InvalidTopicError)
    assert "said" in str(found)


async def test_a_topic_that_is_not_there_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await asked(monkeypatch, (UnknownTopicOrPartitionError.errno,))

    assert isinstance(found, UnknownTopicOrPartitionError)
    assert "create it with `interdict topics create`" in str(found)


async def test_one_that_is_away_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    away = KafkaConnectionError("away")

    assert await asked(monkeypatch, (0,), starts=away) is away
