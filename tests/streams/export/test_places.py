"""Where an export begins and goes on, on a real Kafka: no alert is passed over."""

import asyncio
from collections.abc import Sequence

import orjson
import pytest

from streams.export.forward import begin_with_the_next, forward
from streams.export.projections import in_form
from tests.kafka.topics import delete_records
from tests.streams.export.alerts import alert_bytes
from tests.streams.past import Past, make_anew

pytestmark = pytest.mark.kafka
GROUP = "export"
PATIENCE_SECONDS = 60.0


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix)


def alerted(past: Past, *payments: str, partition: int = 0) -> None:
    for payment in payments:
        past.send(past.topics.alerts, payment, alert_bytes(payment), 0.0, partition)
    past.written()


class Export:
    """One process of the export; it ends once it has handed on `wanted`."""

    def __init__(self, past: Past, *wanted: str) -> None:
        self.got, self._wanted, self._past = list[str](), {*wanted}, past
        self.begun, self._stopping = asyncio.Event(), asyncio.Event()

    async def deliver(self, message_id: str, body: bytes) -> None:
        del message_id
        self.got.append(orjson.loads(body)["payment_id"])
        self.begun.set()
        if self._wanted <= {*self.got}:
            self._stopping.set()

    async def run(self) -> Sequence[str]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await forward(
                self._past.topics.alerts,
                f"{self._past.topics.prefix}{GROUP}",
                {"bootstrap_servers": self._past.client["bootstrap.servers"]},
                render=in_form("alert"),
                deliver=self.deliver,
                stopping=self._stopping,
            )
        return sorted(self.got)


def begin(past: Past) -> None:
    begin_with_the_next(past.client, past.topics.alerts, f"{past.topics.prefix}{GROUP}")


async def test_one_that_begins_with_the_next_alert_gets_those_that_come_while_it_is_down(past: Past) -> None:
    """A partition had a place only once something was handed on from it: what came to the others while the
    process was started again was never handed on."""
    alerted(past, "OLD-0", partition=0)
    alerted(past, "OLD-1", partition=1)
    begin(past)
    alerted(past, "NEW-0", partition=0)
    assert await Export(past, "NEW-0").run() == ["NEW-0"]

    alerted(past, "NEW-1", partition=1)
    begin(past)

    assert await Export(past, "NEW-1").run() == ["NEW-1"]


async def test_where_retention_took_what_stood_at_its_place_it_goes_on_with_the_oldest_alert(
    past: Past,
) -> None:
    begin(past)
    alerted(past, "A", "B", "C", "D")
    delete_records(past.client["bootstrap.servers"], {(past.topics.alerts, 0): 2})
    begin(past)

    assert await Export(past, "D").run() == ["C", "D"]


async def test_all_of_a_topic_that_was_recreated_is_handed_on_though_it_is_longer_by_then(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export that stood still meanwhile went on at its old offset, and passed over what is below it."""
    monkeypatch.setattr("streams.faust_internals.identity.LOOKS_EVERY_SECONDS", 0.2)
    alerted(past, "OLD-0", "OLD-1")
    anew = [f"NEW-{number}" for number in range(5)]
    export = Export(past, *anew)
    running = asyncio.create_task(export.run())
    await export.begun.wait()

    # the event loop stands still meanwhile
    make_anew(past, past.topics.alerts, [alert_bytes(each) for each in anew])

    assert {*await running} >= {*anew}
