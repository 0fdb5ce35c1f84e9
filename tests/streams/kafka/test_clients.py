"""With which options each part of the pipeline opens its clients: what a delivery and a list's proof rest on.

`clients.txt` holds them; `python -m tests.streams.kafka.test_clients` writes it anew, to be read before it is
kept.
"""

import asyncio
import contextlib
import importlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.settings import load_settings
from streams.answers.inputs import Inputs
from streams.answers.outputs import Outputs
from streams.answers.turn import Turn
from streams.audit import dead_letters
from streams.commands import recheck
from streams.customers import service as customers
from streams.customers.reading import CustomerReader
from streams.demo.stage import Stage
from streams.demo.story import Story
from streams.export import forward
from streams.kafka.connection import ordered_producer
from streams.kafka.consumer import new_consumer
from streams.kafka.log import TopicLog
from streams.kafka.topics import Topics
from streams.lists.claimed_log import ClaimedLog
from streams.serve.recording import Recording
from streams.suggestions.service import run_suggestions
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.follower import TopicReplica

TEXT = Path(__file__).with_name("clients.txt")
ROOT = Path(__file__).parents[3]
CLIENT = {"servers": "b:1"}
SETTINGS = load_settings(broker="b:1", topic_prefix="t-", group="g")
TOPICS = Topics("t-")
MADE_BY = ("Producer", "Consumer", "AIOKafkaProducer", "AIOKafkaConsumer")


class MadeError(Exception):
    """A client would have been made; nothing behind it is of interest."""


def part(of: type, **held: Any) -> Any:
    """One of a class that has only what opens its client."""
    made: Any = object.__new__(of)
    for name, value in held.items():
        setattr(made, name, value)
    return made


async def nothing() -> None: ...


def claimed(*, is_kafka: bool) -> Awaitable[object]:
    log = part(ClaimedLog, _client=CLIENT, _topic="d", _promises=SimpleNamespace(is_kafka=is_kafka))
    log._wait_for_others = log._disclaim = nothing
    claim: Awaitable[object] = log.claim()
    return claim


def recording() -> Awaitable[None]:
    return Recording(CLIENT, Topics(), b"").connect()


def forwarding() -> Awaitable[int]:
    given: dict[str, Any] = {"render": None, "deliver": None, "stopping": asyncio.Event()}
    return forward.forward("alerts", "exports", CLIENT, **given)


def reading() -> Awaitable[None]:
    held = part(CustomerReader, _client=CLIENT, _group="customers", _session_seconds=45.0)
    began: Awaitable[None] = held._read()
    return began


def suggesting() -> Awaitable[object]:
    rules: Any = SimpleNamespace(sha256="")
    metrics: Any = SimpleNamespace()
    return run_suggestions(SETTINGS, rules, metrics, asyncio.Event(), oldest=True)


def following() -> Awaitable[None]:
    began: Awaitable[None] = part(TopicReplica, _client=CLIENT, _topic="dispositions")._read_on()
    return began


PLACES: dict[str, Callable[[], Any]] = {
    "answers: whose turn it is": lambda: Turn(CLIENT, "dispositions", "g", 45.0),
    "answers: what is read": lambda: Inputs(CLIENT, "g", "payments"),
    "answers: what is written": lambda: Outputs(CLIENT, "g", TOPICS, pacs002=False),
    "audit: dead letters sent again": lambda: dead_letters._only_one(CLIENT, "replay"),
    "any record that is awaited": lambda: ordered_producer(CLIENT),
    "any reader": lambda: new_consumer(CLIENT, "t"),
    "a log": lambda: TopicLog(CLIENT, "t"),
    "a log of a group that reads far ahead": lambda: TopicLog(CLIENT, "t", "g", 1 << 20),
    "a log that reads little ahead": lambda: TopicLog(CLIENT, "t", read_ahead_kib=64),
    "customers: what they stand at": lambda: customers._new_producer(CLIENT),
    "customers: the book": reading,
    "demo: payments": lambda: Stage(SETTINGS, 1.0, Story(), 1)._pay(),
    "demo: decisions": lambda: Stage(SETTINGS, 1.0, Story(), 1)._read_decisions(),
    "export": forwarding,
    "lists: a reader of it all": lambda: part(ClaimedLog, _client=CLIENT)._reader("read_uncommitted"),
    "lists: a publisher": lambda: claimed(is_kafka=True),
    "lists: a publisher without transactions": lambda: claimed(is_kafka=False),
    "recheck": lambda: recheck._publish(SETTINGS, TOPICS, (), as_json=False),
    "serve, recording": recording,
    "suggestions": suggesting,
    "a worker's list": lambda: part(Replica, _client=CLIENT)._new_consumer(),
    "a worker's other tables": following,
}


def options(place: str, patch: pytest.MonkeyPatch) -> str:
    """What the client is made with, an option a line."""
    said: list[str] = []

    def maker(kind: str) -> Callable[..., None]:
        def makes(*given: Any, **named: Any) -> None:
            told = given[0] if given and isinstance(given[0], dict) else named
            lines = [f"{name} = {value!r}" for name, value in sorted(told.items())]
            topics = [repr(each) for each in given if isinstance(each, str)]
            said.append("\n".join((f"# {place}: {' '.join((kind, *topics))}", *lines)))
            raise MadeError

        return makes

    class NoLog:
        def __init__(self, *_: object) -> None:
            self.embedded = False

        def __enter__(self) -> "NoLog":
            return self

        def __exit__(self, *_: object) -> None: ...

    if "sent again" in place:
        patch.setattr(dead_letters, "TopicLog", NoLog)
    for file in sorted((ROOT / "streams").rglob("*.py")):
        if re.search(rf"\b({'|'.join(MADE_BY)})\(", file.read_text()):
            module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
            for kind in MADE_BY:
                if hasattr(module, kind):
                    patch.setattr(module, kind, maker(kind))
    with contextlib.suppress(MadeError):
        made = PLACES[place]()
        if asyncio.iscoroutine(made):
            asyncio.run(made)
    (one,) = said
    return one


def written() -> str:
    texts = []
    for place in PLACES:
        with pytest.MonkeyPatch.context() as patch:
            texts.append(options(place, patch))
    return "\n\n".join(texts) + "\n"


def test_each_client_has_the_options_that_stand_beside_this() -> None:
    assert written() == TEXT.read_text()


if __name__ == "__main__":
    TEXT.write_text(written())
