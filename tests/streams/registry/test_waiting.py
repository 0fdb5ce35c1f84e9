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
def ours(monkeypatch: pytest.MonkeyPatch) -> Any:
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
    monkeypatch.setattr(asyncio, "sleep", sleep)
    made.answers, made.slept = answers, slept
    return made


async def test_a_schema_that_is_there_is_known_afterwards(ours: Any) -> None:
    ours.answers.append(SCHEMA)
    await ours.fetch(KEY)

    assert ours.schemas[KEY] is SCHEMA
    assert (ours._metrics.told, ours.slept) == (["found", False], [])


async def test_a_registry_that_is_away_is_asked_again_after_longer_and_longer_pauses(
    ours: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ours.answers += [AWAY] * 6
    waits = list[str]()
    asked = ours._registry.schema

    async def schema(key: SchemaKey) -> Any:
        waits.append(ours.waiting)
        return await asked(key)

    ours._registry.schema = schema
    ours.answers.append(SCHEMA)
    await ours.fetch(KEY)

    assert ours.slept == [0.5, 1.0, 2.0, 5.0, 5.0, 5.0]
    assert waits == ["", *["schema registry http://r: gone; a payment waits for schema 7"] * 6]
    assert ours.waiting == ""
    assert ours._metrics.told == [*["no_answer", True] * 6, "found", False]
    assert caplog.messages == ["payments wait for schema 7 from the schema registry http://r: gone"]


async def test_one_that_gives_up_waits_no_more(ours: Any) -> None:
    ours.answers += [AWAY, asyncio.CancelledError()]

    async def schema(_: SchemaKey) -> Any:
        answer = ours.answers.pop(0)
        raise answer

    ours._registry.schema = schema
    with pytest.raises(asyncio.CancelledError):
        await ours.fetch(KEY)
    assert (ours.waiting, ours._metrics.told[-1]) == ("", False)


async def test_an_unknown_schema_is_told_with_its_remedy_and_asked_for_again_after_a_while(
    ours: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = list[Any]()
    loop = SimpleNamespace(call_later=lambda *what: later.append(what))
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    ours.answers.append(UnknownSchemaError("no such id"))
    await ours.fetch(KEY)

    with pytest.raises(SchemaError) as told:
        ours.schemas[KEY]
    assert str(told.value) == (
        "schema 7 is not in the schema registry http://r (no such id); register it there, or set "
        "schema_registry_url to the registry of the producer"
    )
    ((seconds, forget, key),) = later
    assert (seconds, key, ours._metrics.told) == (10.0, KEY, ["unknown", False])
    forget(key)
    with pytest.raises(SchemaNeededError):
        ours.schemas[KEY]


async def test_a_schema_that_cannot_be_used_is_known_as_such(ours: Any) -> None:
    ours.answers.append(SchemaError("of a kind nobody knows"))
    await ours.fetch(KEY)

    with pytest.raises(SchemaError, match=r"^schema 7: of a kind nobody knows$"):
        ours.schemas[KEY]
    assert ours._metrics.told == ["unusable", False]


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
