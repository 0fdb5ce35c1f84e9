"""Turns alerts into cases: what a case system does, reduced to its essence.

python consume_alerts.py --broker localhost:9092 --cases cases.db
"""

import argparse
import asyncio
import json
import sqlite3

from aiokafka import AIOKafkaConsumer

CASES = """
create table if not exists cases (
    alert_id text primary key, -- the same for every delivery of an alert: a repeat changes nothing
    payment_id text, role text, value text, designation text, score real, action text, alert text
)
"""


def open_cases(cases: sqlite3.Connection, alert: dict) -> int:
    """One case a hit; returns how many are new."""
    rows = [
        (
            hit["alert_id"],
            alert["payment_id"],
            hit["role"],
            hit["value"],
            hit["designation"]["id"],
            hit["score"],
            hit["action"],
            json.dumps(alert),
        )
        for hit in alert["hits"]
    ]
    with cases:
        return cases.executemany("insert or ignore into cases values (?, ?, ?, ?, ?, ?, ?, ?)", rows).rowcount


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--broker", default="localhost:9092")
    arguments.add_argument("--topic", default="screening.alerts")
    arguments.add_argument("--cases", default="cases.db")
    arguments.add_argument("--count", type=int, help="stop after so many alerts")
    told = arguments.parse_args()
    cases = sqlite3.connect(told.cases)
    cases.execute(CASES)
    consumer = AIOKafkaConsumer(
        told.topic,
        bootstrap_servers=told.broker,
        group_id="case-system",
        auto_offset_reset="earliest",
        enable_auto_commit=False,  # an alert is done when its case is stored, not when it was read
    )
    async with consumer:
        seen = 0
        async for record in consumer:
            alert = json.loads(record.value)
            new = open_cases(cases, alert)
            await consumer.commit()
            for hit in alert["hits"]:
                name, score = hit["designation"]["name"], hit["score"]
                print(f"{alert['payment_id']}: {hit['value']!r} is {name!r} at {score}")
            seen += 1
            if new == 0:
                print(f"{alert['payment_id']}: known already")
            if seen == told.count:
                break
    cases.close()


if __name__ == "__main__":
    asyncio.run(main())
