"""A broker that cannot be reached, or refuses us, is connected to again only after pauses.

aiokafka reconnects at once: a worker whose password or certificate the broker no longer accepted tried some
90 times a second, with as many handshakes, and wrote 190 lines a second to its log.
"""

import asyncio
import time
from typing import Any, NamedTuple

from aiokafka import client
from aiokafka.errors import KafkaError

SHORTEST_SECONDS, LONGEST_SECONDS = 0.02, 1.0
"""Before an address is tried again: the first pause, and what doubling it ends at. A broker that is back is
found so much later at the most."""


class _Failed(NamedTuple):
    pause: float
    until: float
    """By the steady clock."""


_failed: dict[tuple[str, int], _Failed] = {}
_create = client.create_conn


async def _create_paced(host: str, port: int, **options: Any) -> Any:
    at = host, port
    if failed := _failed.get(at):
        await asyncio.sleep(failed.until - time.monotonic())
    try:
        made = await _create(host, port, **options)
    except (OSError, KafkaError):
        failed = _failed.get(at)
        pause = min(LONGEST_SECONDS, 2 * failed.pause) if failed else SHORTEST_SECONDS
        _failed[at] = _Failed(pause, time.monotonic() + pause)
        raise
    _failed.pop(at, None)
    return made


def pace_connections() -> None:
    """From here on every client of this process pauses between failed connections."""
    client.create_conn = _create_paced
