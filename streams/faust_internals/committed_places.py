"""Where a group stands is asked again while its coordinator does not know it yet.

From the second version on Kafka answers such a question with one error for the whole group and no partition.
aiokafka looks at the errors of partitions only, and takes the answer for "nothing is committed". So while a
coordinator was loading or moving, as in each restart of a broker, whoever was given a partition read it from
its beginning: a worker decided all of it again, with today's list, and an export that starts with what is new
passed over what it had not delivered.
"""

from typing import Any

from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    KafkaError,
    NoError,
    NotCoordinatorForGroupError,
    for_code,
)
from aiokafka.protocol.commit import OffsetFetchRequest

_send = GroupCoordinator._send_req


async def _send_and_look(coordinator: Any, request: Any) -> Any:
    """The coordinator's answer. Raises the error that it has for the whole group; aiokafka asks again after
    one that may pass."""
    answer = await _send(coordinator, request)
    code = getattr(answer, "error_code", 0) if isinstance(request, OffsetFetchRequest) else 0
    kind: type[KafkaError] = for_code(code)
    if kind is NoError:
        return answer
    if kind in (NotCoordinatorForGroupError, GroupCoordinatorNotAvailableError):
        coordinator.coordinator_dead()
    raise kind(coordinator.group_id)


def ask_committed_places_again() -> None:
    """From here on every client of this process does."""
    GroupCoordinator._send_req = _send_and_look
