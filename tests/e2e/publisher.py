"""`python -m tests.e2e.publisher BOOTSTRAP TOPIC SEED`: publishes one version of a list, to be killed."""

import asyncio
import random
import sys

from screening import Designation
from streams.lists import claimed_log, publishing
from tests.e2e.source import generated_list

SILENT_SECONDS = 1.0
"""A killed run is given up sooner than in the field, so that twenty of them do not take minutes."""


def version(seed: int) -> list[Designation]:
    """Versions differ in nearly every entry and in their number."""
    return generated_list(random.Random(seed).randint(500, 900), seed=seed)


def main(bootstrap: str, topic: str, seed: str) -> None:
    claimed_log.SILENT_SECONDS = SILENT_SECONDS
    listed = version(int(seed))
    sys.stdout.write("publishing\n")
    sys.stdout.flush()
    client = {"bootstrap_servers": bootstrap}
    asyncio.run(publishing.publish(client, listed, list_name=listed[0].source, topic=topic, max_shrink=1.0))


if __name__ == "__main__":
    main(*sys.argv[1:])
