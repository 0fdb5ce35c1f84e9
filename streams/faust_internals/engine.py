"""What we must know about Faust's consumer and cannot ask in public, in one place.

Every private name of faust-streaming 0.15.3 and aiokafka that we use is in this folder, so that an upgrade
has one folder to check. `tests/streams/worker/test_worker.py`, `test_position.py` and `test_transport.py`
guard them.
"""

from typing import Any

from faust.types import AppT


def kafka_consumer(app: AppT) -> Any:
    """aiokafka's consumer of payments; None until the worker has joined its group."""
    return getattr(getattr(app.consumer, "_thread", None), "_consumer", None)


def kafka_producer(app: AppT) -> Any:
    """aiokafka's producer under Faust's wrapper, which saves a call per record. Raises before the start."""
    producer: Any = app.producer
    return producer._ensure_producer()


def assigned(app: AppT) -> set[int]:
    """Payment partitions this worker holds; empty until it has joined."""
    consumer = kafka_consumer(app)
    return {tp.partition for tp in consumer.assignment()} if consumer is not None else set()


def consumer_lag(app: AppT) -> dict[int, int]:
    """Payments not yet committed, by assigned partition, from what the last fetch said."""
    if kafka_consumer(app) is None:
        return {}
    consumer: Any = app.consumer
    waiting = {tp.partition: consumer.waiting(tp) for tp in consumer.assignment()}
    return {partition: records for partition, records in waiting.items() if records is not None}


def committed_offsets(app: AppT) -> dict[int, int]:
    """How far each assigned partition is committed, as far as this worker knows."""
    if kafka_consumer(app) is None:
        return {}
    consumer: Any = app.consumer
    return {tp.partition: consumer._committed_offset.get(tp) or 0 for tp in consumer.assignment()}


def coordination_problem(app: AppT) -> str:
    """Why this worker's group membership is dead although it looks alive; empty if it is well.

    aiokafka keeps a coordinator error until somebody polls the consumer in the ordinary way; Faust reads from
    the fetcher and never polls.
    """
    coordinator = getattr(kafka_consumer(app), "_coordinator", None)
    if coordinator is None:
        return ""
    parked = getattr(coordinator, "_pending_exception", None)
    if parked is not None:
        return f"the consumer group refused us: {parked!r}"
    task = getattr(coordinator, "_coordination_task", None)
    if task is not None and task.done() and not app.should_stop:
        return "the group coordination of the Kafka client has ended"
    return ""
