"""A message is freed with its batch: nothing that it leads to waits for a collection of garbage."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.worker.desk import ScreeningDesk
from tests.streams.worker.test_desk import decide, desk, message

__all__ = ["desk"]
CASES = Path(__file__).parents[2] / "screening" / "payments" / "cases"
UNUSABLE = [
    None, b"", b"no payment", b"[1, 2]", b'{"id": "P-1"}', b'{"id": "P-1", "parties": 7}', b"[" * 5000,
    b"\xff\xfe\x00", b"<a><b></a>", b"<a>" * 100 + b"</a>" * 100, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    b"\x00\x00\x00\x00\x05schema", b'{"id": "P-1", "parties": [{"name": "' + b"x " * 200_000 + b'"}]}',
]  # fmt: skip


def messages() -> Iterator[tuple[str, bytes | None]]:
    """What platforms send, whole and cut short, and what is no payment."""
    for value in UNUSABLE:
        yield repr(value)[:40], value
    for file in sorted(CASES.iterdir()):
        whole = file.read_bytes()
        for part in (whole, whole[: len(whole) // 2], whole[:-20]):
            yield f"{file.name}, {len(part)} bytes", part


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No collection by itself; what was there before is not looked at."""
    gc.collect()
    gc.disable()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("uncollected")
async def test_whatever_a_message_was_nothing_of_it_waits_for_a_collection(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    kept = []

    for name, value in messages():
        await decide(desk, [message(value)])  # what is loaded or remembered once stays
        gc.collect()
        await decide(desk, [message(value)])
        outbox.sent.clear()
        if found := gc.collect():
            kept.append((name, found))

    assert not kept
