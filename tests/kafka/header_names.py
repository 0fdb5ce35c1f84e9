"""A record as clients in C and Go write it, with a header whose name is any bytes; those of Python refuse."""

from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy


class _Name(str):
    """Encodes to bytes that are no UTF-8."""

    __slots__ = ()

    def encode(self, *_: Any, **__: Any) -> bytes:
        return b"\xff\xfename"


UNREADABLE = [(_Name("name"), b"value"), ("content-type", b"application/json")]


def batch_builder(compression: int = 0) -> Any:
    """Takes such headers; aiokafka's own is compiled and does not."""
    return _DefaultRecordBatchBuilderPy(2, compression, 0, -1, -1, -1, 1 << 20)


async def send(bootstrap: str, topic: str, key: bytes, value: bytes) -> None:
    """One record with `UNREADABLE` headers, on partition 0."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=False)
    await producer.start()
    try:
        batch: Any = producer.create_batch()
        batch._builder = batch_builder()
        batch.append(timestamp=None, key=key, value=value, headers=UNREADABLE)
        await (await producer.send_batch(batch, topic, partition=0))
    finally:
        await producer.stop()
