"""What a worker makes of where the broker says that the list topic ends, and of one that says nothing."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from screening import Screener
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.topic_end import CONFIRM_SECONDS


class Confirming:
    """A replica of which only the end is asked; `looks` are what happens at each look."""

    def __init__(self, *looks: Callable[["Confirming"], object]) -> None:
        self.looks, self.told = list(looks), list[Any]()
        self._consumer: object = "consumer"
        self._loading, self._offset, self._silence_seconds = False, 5, 2.0

    @property
    def should_stop(self) -> bool:
        return not self.looks

    async def sleep(self, seconds: float) -> None:
        assert seconds == CONFIRM_SECONDS

    async def _end(self, consumer: object) -> int:
        assert consumer == "consumer"
        self.looks.pop(0)(self)
        return 9

    def _no_answer(self, why: str) -> None:
        self.told.append(why.partition("(")[0])

    def _end_reported(self, end: int, read_to: int) -> None:
        self.told.append((end, read_to))


def nothing(_: Confirming) -> None:
    """The broker just answers."""


def read_on(one: Confirming) -> None:
    one._offset = 8


def another_reader(one: Confirming) -> None:
    one._consumer = "another"
    one.looks.clear()


def loads(one: Confirming) -> None:
    one._loading = True
    one.looks.clear()


def failing(error: Exception) -> Callable[[Confirming], object]:
    def fails(_: Confirming) -> None:
        raise error

    return fails


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        ([nothing], [(9, 5)]),
        ([read_on, nothing], [(9, 5), (9, 8)]),  # against what was read when it was asked
        ([another_reader], []),  # the answer is about a topic that is read anew
        ([loads], []),
        ([failing(KafkaConnectionError("x")), nothing], ["KafkaConnectionError", (9, 5)]),
        ([failing(OSError("x"))], ["OSError"]),
        ([failing(TimeoutError())], ["TimeoutError"]),
    ],
)
async def test_an_end_is_reported_of_the_topic_as_it_was_asked(
    looks: list[Callable[[Confirming], object]], told: list[Any]
) -> None:
    one: Any = Confirming(*looks)
    confirm: Any = Replica._confirm
    await confirm.fun(one)

    assert one.told == told


@pytest.mark.parametrize(("consumer", "loading"), [(None, False), ("consumer", True)])
async def test_nobody_is_asked_while_there_is_no_reader_or_it_loads(consumer: Any, loading: bool) -> None:
    one: Any = Confirming(nothing)
    one._consumer, one._loading = consumer, loading

    async def sleep(_: float) -> None:
        one.looks.clear()

    one.sleep = sleep
    confirm: Any = Replica._confirm
    await confirm.fun(one)

    assert one.told == []


@pytest.mark.parametrize(
    ("was_complete", "committed", "contradicted", "fetched", "loading", "led_to"),
    [
        (True, False, True, True, False, ["distrusted"]),
        (False, True, True, True, False, ["distrusted"]),
        (False, False, True, True, False, ["updated"]),  # it was not relied on
        (True, True, False, True, False, ["updated"]),
        (False, False, False, True, False, ["updated"]),
        (True, True, True, False, False, []),
        (True, True, True, True, True, []),
    ],
)
async def test_a_list_that_contradicts_itself_is_read_anew_where_it_was_relied_on(
    was_complete: bool, committed: bool, contradicted: bool, fetched: bool, loading: bool, led_to: list[str]
) -> None:
    did, applied = list[str](), list[object]()

    async def apply_record(record: object) -> None:
        applied.append(record)

    async def position(_: object) -> int:
        return 9

    ledger = SimpleNamespace(contradicted=lambda: contradicted, problems=lambda: ["p"])
    one: Any = SimpleNamespace(
        _apply_record=apply_record,
        _consumer=SimpleNamespace(position=position),
        _partition="t-0",
        _loading=loading,
        _committed=committed,
        _was_complete=was_complete,
        _table=SimpleNamespace(ledger=ledger),
        _state_offset=lambda: did.append(f"at {one._offset}"),
        _distrust_and_reload=lambda *why: did.append("distrusted" if why == ("p",) else "why?"),
        _update_completeness=lambda: did.append("updated"),
    )
    apply: Any = Replica._apply
    await apply(one, {"t-0": ["a", "b"]} if fetched else {})

    assert did == ["at 9", *led_to]
    assert applied == (["a", "b"] if fetched else [])
    assert one._committed is (committed if not led_to else False)


@pytest.mark.parametrize(
    ("problems", "was", "complete", "logged"),
    [
        ((), ("a reason",), True, ["every list is complete: 3 designations in force"]),
        ((), (), True, []),
        (("p", "q"), ("a reason",), False, ["screening paused: p; q"]),
        (("p",), ("p",), False, []),  # that was said before
    ],
)
async def test_a_list_that_became_complete_lets_payments_go_on_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
    problems: tuple[str, ...],
    was: tuple[str, ...],
    complete: bool,
    logged: list[str],
) -> None:
    caplog.set_level(logging.INFO)
    ledger = SimpleNamespace(versions=lambda: {"x": "v"}, required=set)
    one: Any = SimpleNamespace(
        _table=SimpleNamespace(ledger=ledger, problems=lambda: [*problems]),
        _topic_end=SimpleNamespace(unreachable=""),
        _reload=False,
        _loading=False,
        _applying=False,
        _ever_required=set(),
        _required=frozenset(),
        _report=SimpleNamespace(in_force=lambda _: None),
        screener=[1, 2, 3],
        reasons=was,
        complete=asyncio.Event(),
        _was_complete=None,
        topic="designations",
    )
    one._pause = partial(Replica._pause, one)
    update: Any = Replica._update_completeness
    for _ in range(2):
        update(one)

    assert (one.complete.is_set(), one._was_complete) == (complete, complete)
    assert one.reasons == (() if complete and was else problems)
    assert caplog.messages == logged


def test_a_replica_that_has_read_nothing_relies_on_nothing() -> None:
    none: Any = None
    made: Any = Replica("designations", client={}, new_screener=Screener, metrics=none, feed=none)

    assert not made.complete.is_set()
    states = ("_loading", "_applying", "_was_complete", "_committed", "_reload", "_reconnect")
    assert [getattr(made, state) for state in states] == [True, False, False, False, False, False]
    assert made._offset == 0
