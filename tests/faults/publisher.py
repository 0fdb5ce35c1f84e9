"""`python -m tests.faults.publisher BOOTSTRAP TOPIC FILE DATE WHERE`: a publication that stops itself.

FILE holds one designation a line. At WHERE (`claim`: after it has read the topic; `half`: in the middle of
sending) the process stops as by SIGSTOP, until somebody sends it SIGCONT. Exit code 1 and the reason on
stderr when it was refused or overtaken.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from screening import Designation, ListError
from streams.lists.claimed_log import ClaimedLog, PublicationConflictError
from streams.lists.publishing import publish
from streams.records.json import designation_from_json


class _StopsBeforeItsClaim(ClaimedLog):
    async def claim(self) -> bool:
        _stop()
        return await super().claim()


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _half(sent: int, total: int) -> None:
    if sent == total // 2:
        _stop()


def main(bootstrap: str, topic: str, file: str, date: str, where: str) -> int:
    listed: list[Designation] = [
        designation_from_json(line) for line in Path(file).read_bytes().splitlines() if line
    ]
    if where == "claim":
        vars(sys.modules["streams.lists.publishing"])["ClaimedLog"] = _StopsBeforeItsClaim
    try:
        asyncio.run(
            publish(
                {"bootstrap_servers": bootstrap},
                listed,
                list_name=listed[0].source,
                topic=topic,
                source_date=date,
                max_shrink=1.0,
                progress=_half if where == "half" else None,
            )
        )
    except (ListError, PublicationConflictError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
