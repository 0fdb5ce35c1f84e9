"""How our asyncio readers open a topic: outside a group unless one is named, and committed records only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer

from streams.kafka.options import ClientOptions

FETCH_BYTES = 8 << 20
"""As large as the largest record that the topics take."""
METADATA_SECONDS = 10
"""So often a reader looks which partitions its topics have: nobody reads a topic that was recreated, or new
partitions, before. The client's own five minutes are for clients that wait for nobody's money."""


def new_consumer(
    client: ClientOptions, *topics: str, group: str | None = None, **options: Any
) -> AIOKafkaConsumer:
    """A consumer, not yet started. It commits nothing by itself and reads no aborted transactions.

    `client` are aiokafka's options; `options` are those of this reader alone.
    """
    own: dict[str, Any] = {
        "group_id": group,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "max_partition_fetch_bytes": FETCH_BYTES,
        "metadata_max_age_ms": METADATA_SECONDS * 1000,
    }
    return AIOKafkaConsumer(*topics, **{**client, **own, **options})


@asynccontextmanager
async def opened(consumer: AIOKafkaConsumer) -> AsyncIterator[AIOKafkaConsumer]:
    """The consumer, started, and closed at the end, even if it could not start."""
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()
