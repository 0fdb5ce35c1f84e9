"""The consumer's place after a rebalance: no payment may be skipped."""

from typing import Any

from faust.types import TP

from streams.position import PlacedConsumer

FRESH, COMMITTED = TP("payments", 0), TP("payments", 1)


class Thread:
    """Kafka's side of the consumer: one partition was committed at 40, one never and begins at 7."""

    def __init__(self) -> None:
        self.sought_to_beginning: list[TP] = []
        self.arriving: list[dict[TP, list[str]]] = []
        self.while_fetching: Any = None

    async def seek_to_committed(self) -> dict[TP, int | None]:
        return {FRESH: None, COMMITTED: 40}

    async def seek_to_beginning(self, *partitions: TP) -> None:
        self.sought_to_beginning += partitions

    async def earliest_offsets(self, *partitions: TP) -> dict[TP, int]:
        return dict.fromkeys(partitions, 7)

    async def getmany(self, active_partitions: set[TP] | None, timeout: float) -> dict[TP, list[str]]:  # noqa: ASYNC109
        del active_partitions, timeout
        if self.while_fetching:
            await self.while_fetching()
        return self.arriving.pop(0)


def consumer_on(thread: Thread) -> Any:
    consumer: Any = object.__new__(PlacedConsumer)
    consumer._thread = thread
    consumer._read_offset, consumer._committed_offset = {}, {}
    return consumer


async def test_a_partition_without_a_commit_is_read_from_its_beginning_again() -> None:
    thread = Thread()

    assert await consumer_on(thread).seek_to_committed() == {FRESH: 7, COMMITTED: 40}
    assert thread.sought_to_beginning == [FRESH]


async def test_records_that_were_on_their_way_while_the_place_was_taken_are_fetched_again() -> None:
    thread = Thread()
    consumer = consumer_on(thread)
    thread.arriving = [{COMMITTED: ["stale"]}, {COMMITTED: ["next"]}]

    thread.while_fetching = consumer.perform_seek
    assert await consumer._getmany({COMMITTED}, 1.0) == {}
    thread.while_fetching = None
    assert await consumer._getmany({COMMITTED}, 1.0) == {COMMITTED: ["next"]}
    assert consumer._read_offset[COMMITTED] == 40
