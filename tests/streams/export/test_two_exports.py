"""Two exports of different kinds on a real Kafka: `python -m tests.streams.export.two_exports` in small."""

import asyncio
from pathlib import Path

import pytest

from streams.export.forward import AT_ONCE
from tests.streams.export.two_exports import exports, kill_on_the_way, write
from tests.streams.past import Past

pytestmark = pytest.mark.kafka
ALERTS = 1_000
PATIENCE_SECONDS = 300.0


async def test_each_export_gets_every_alert_and_update_through_a_kill_of_either(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    past = await asyncio.to_thread(Past, kafka, topic_prefix)
    wanted = await asyncio.to_thread(write, past, ALERTS)

    async with asyncio.timeout(PATIENCE_SECONDS), exports(past, tmp_path) as both:
        await asyncio.gather(*(kill_on_the_way(past, each, tmp_path, wanted, kills=1) for each in both))

        assert len(wanted) == 2 * ALERTS
        assert all(each.again <= AT_ONCE for each in both)
        assert [each.got().keys() for each in both] == [wanted, wanted]
