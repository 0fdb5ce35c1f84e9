"""What each answer of a registry leads to, how long it is waited for, and what is counted; without one."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from config.settings import load_settings
from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.schemas import SchemaError, SchemaNeededError, Schemas
from streams.registry import fetching as module
from streams.registry.answers import RegistryAwayError, UnknownSchemaError
from streams.registry.fetching import SchemaRegistry, fetching, registry_of

KEY, SCHEMA = SchemaKey(7), object()
AWAY = RegistryAwayError("gone")


class Counted:
    """What was counted, in order."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def schema_asked(self, outcome: str) -> None:
        self.told.append(outcome)

    def schemas_wait(self, waiting: bool) -> None:
        self.told.append(waiting)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`answers` come one by one; `slept` are the pauses between."""
    made: Any = SchemaRegistry(load_settings(schema_registry_url="http://r"), Counted())
    answers, slept = list[Any](), list[float]()

    async def schema(key: SchemaKey) -> Any:
        assert key == KEY
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    made._registry = SimpleNamespace(schema=schema, url="http://r")
    monkeypatch.setattr(module, "read_schema", lambda answer: answer)
    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    made.answers, made.slept = answers, slept
    return made


async def test_a_schema_that_is_there_is_known_afterwards(registry: Any) -> None:
    registry.answers.append(SCHEMA)
    await registry.fetch(KEY)

    assert registry.schemas[KEY] is SCHEMA
    assert (registry._metrics.told, registry.slept) == (["found", False], [])


async def test_a_registry_that_is_away_is_asked_again_after_longer_and_longer_pauses(
    registry: Any, caplog: pytest.LogCaptureFixture
) -> None:
    registry.answers += [AWAY] * 6
    waits = list[str]()
    asked = registry._registry.schema

    async def schema(key: SchemaKey) -> Any:
        waits.append(registry.waiting)
        return await asked(key)

    registry._registry.schema = schema
    registry.answers.append(SCHEMA)
    await registry.fetch(KEY)

    assert registry.slept == [0.5, 1.0, 2.0, 5.0, 5.0, 5.0]
    assert waits == ["", *["schema registry http://r: gone; a payment waits for schema 7"] * 6]
    assert registry.waiting == ""
    assert registry._metrics.told == [*["no_answer", True] * 6, "found", False]
    assert caplog.messages == ["payments wait for schema 7 from the schema registry http://r: gone"]


async def test_one_that_gives_up_waits_no_more(registry: Any) -> None:
    registry.answers += [AWAY, asyncio.CancelledError()]

    async def schema(_: SchemaKey) -> Any:
        answer = registry.answers.pop(0)
        raise answer

    registry._registry.schema = schema
    with pytest.raises(asyncio.CancelledError):
        await registry.fetch(KEY)
    assert (registry.waiting, registry._metrics.told[-1]) == ("", False)


async def test_an_unknown_schema_is_told_with_its_remedy_and_asked_for_again_after_a_while(
    registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = list[Any]()
    loop = SimpleNamespace(call_later=lambda *what: later.append(what))
    monkeypatch.setattr(module.asyncio, "get_running_loop", lambda: loop)
    registry.answers.append(UnknownSchemaError("no such id"))
    await registry.fetch(KEY)

    with pytest.raises(SchemaError) as told:
        registry.schemas[KEY]
    assert str(told.value) == (
        "schema 7 is not in the schema registry http://r (no such id); register it there, or set "
        "schema_registry_url to the registry of the producer"
    )
    ((seconds, forget, key),) = later
    assert (seconds, key, registry._metrics.told) == (10.0, KEY, ["unknown", False])
    forget(key)
    with pytest.raises(SchemaNeededError):
        registry.schemas[KEY]


async def test_a_schema_that_cannot_be_used_is_known_as_such(registry: Any) -> None:
    registry.answers.append(SchemaError("of a kind nobody knows"))
    await registry.fetch(KEY)

    with pytest.raises(SchemaError, match=r"^schema 7: of a kind nobody knows$"):
        registry.schemas[KEY]
    assert registry._metrics.told == ["unusable", False]


def test_commands_decode_again_once_what_was_needed_is_fetched() -> None:
    fetched, asked = list[Any](), list[Any]()
    schemas = Schemas()

    async def fetch(key: SchemaKey) -> None:
        fetched.append((key, threading.current_thread() is threading.main_thread()))
        known: Any = SCHEMA
        schemas.put(key, known)

    def decode(known: Schemas | None) -> Any:
        asked.append(known)
        return None if known is None else known[KEY]

    ours: Any = SimpleNamespace(schemas=schemas, fetch=fetch)
    assert fetching(ours, decode) is SCHEMA
    assert (fetched, asked) == ([(KEY, False)], [schemas, schemas])
    assert fetching(None, decode) is None


def test_without_a_registry_what_is_needed_cannot_be_had() -> None:
    def decode(_: Schemas | None) -> Any:
        raise SchemaNeededError(KEY)

    with pytest.raises(SchemaNeededError):
        fetching(None, decode)
    assert registry_of(load_settings()) is None
    made = registry_of(load_settings(schema_registry_url="http://r"))
    assert made and made.url == "http://r"
