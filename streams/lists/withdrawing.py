"""Withdrawing a list: the only way to end the requirement for one that was ever in force."""

import uuid
from dataclasses import dataclass

from screening.ledger import MarkerType
from screening.lists import ListError
from streams.kafka.options import ClientOptions
from streams.lists.claimed_log import ClaimedLog, PublicationConflictError
from streams.records.shapes import PublicationRecord


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken out of force; the marker on the topic records the same, and who did it."""

    list_name: str
    version: str
    """The version that was in force; empty for a list that had vanished."""
    entries: int
    reason: str
    left: tuple[str, ...]
    """The lists that are still required."""


async def withdraw(
    client: ClientOptions,
    *,
    list_name: str,
    topic: str,
    reason: str,
    by: str,
    forgotten: bool = False,
) -> Withdrawn:
    """Delist every entry of a list and stop requiring it, in one transaction.

    `forgotten` allows this even if the topic knows nothing of the list, for workers that still remember it:
    its records were deleted, and with them those of the lists ever in force.

    Raises ListError for a list that was never in force, and PublicationConflictError if a publication took
    over; then nothing is changed.
    """
    if not reason.strip():
        raise ListError("a withdrawal needs a reason; whoever audits it will ask")
    async with ClaimedLog(client, topic, list_name) as log:
        if not await log.claim():
            raise PublicationConflictError(f"list {list_name} is being published; try again later")
        if not forgotten:
            _require_known(log, list_name)
        held = log.ledger.versions().get(list_name)
        left = log.ledger.required() - {list_name}
        done = Withdrawn(
            list_name, held.version if held else "", len(log.entries), reason, tuple(sorted(left))
        )
        publication = uuid.uuid4().hex
        marker: PublicationRecord = {
            "list": list_name,
            "version": done.version,
            "count": done.entries,
            "sha256": held.sha256 if held else "0" * 64,
            "run": publication,
            "reason": reason,
            "by": by,
        }
        async with log.publication(publication) as sending:
            await sending.mark(MarkerType.BEGIN, {**marker, "count": 0, "sha256": "0" * 64})
            for key in tuple(log.entries):
                await sending.send(key, None)
            await sending.mark(MarkerType.WITHDRAWAL, marker)
            await sending.register(left)
        if sending.lost:
            raise PublicationConflictError(
                f"list {list_name}: a publication took over and nothing is withdrawn; try again"
            )
        return done


def _require_known(log: ClaimedLog, list_name: str) -> None:
    """Raises ListError if the topic knows nothing of the list."""
    if list_name in log.ledger.required() or log.entries or log.ledger.problem(list_name):
        return
    known = ", ".join(sorted(log.ledger.required())) or "none"
    raise ListError(
        f"list {list_name} is not in force; in force are: {known}. If a worker waits for it nevertheless, "
        "its records were deleted: say --forgotten"
    )
