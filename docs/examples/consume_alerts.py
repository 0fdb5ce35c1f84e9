"""Turns alerts into cases: what a case system does, reduced to its essence.

python consume_alerts.py --broker localhost:9092 --cases cases.db
"""

import argparse
import asyncio
import json
import sqlite3
from typing import Any

from aiokafka import AIOKafkaConsumer

CASES = """
create table if not exists cases (
    alert_id text primary key, -- names the hit: a repeat of its alert changes nothing
    payment_id text, role text, value text, designation text, score real, action text, alert text,
    state text default 'raised'
);
create table if not exists messages (
    id text primary key, -- of an alert its decision_id, of an update its own id
    alert_id text, state text, what text, at text, message text
);
"""


def store(cases: sqlite3.Connection, alert: dict[str, Any]) -> int:
    """A case for each new hit, and every message in the cases' history; returns how many cases are new."""
    update = alert.get("update")
    message_id = update["id"] if update else alert["decision_id"]
    state, what, at = (
        (update["state"], update["what"], update["at"])
        if update
        else ("raised", "raised", alert["screened_at"])
    )
    new, body = 0, json.dumps(alert)
    with cases:
        for hit in alert["hits"]:
            told = cases.execute(
                "insert or ignore into messages values (?, ?, ?, ?, ?, ?)",
                (f"{message_id}/{hit['alert_id']}", hit["alert_id"], state, what, at, body),
            )
            if told.rowcount == 0:  # delivered before
                continue
            columns = (hit["alert_id"], alert["payment_id"], hit["role"], hit["value"])
            more = (hit["designation"]["id"], hit["score"], hit["action"], body)
            new += cases.execute(
                "insert or ignore into cases values (?, ?, ?, ?, ?, ?, ?, ?, 'raised')", columns + more
            ).rowcount
            if update:
                cases.execute("update cases set state = ? where alert_id = ?", (state, hit["alert_id"]))
    return new


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--broker", default="localhost:9092")
    arguments.add_argument("--topic", default="screening.alerts")
    arguments.add_argument("--cases", default="cases.db")
    arguments.add_argument("--count", type=int, help="stop after so many alerts")
    told = arguments.parse_args()
    cases = sqlite3.connect(told.cases)
    cases.executescript(CASES)
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
            new = store(cases, alert)
            await consumer.commit()
            became = alert.get("update", {}).get("what", "raised")
            for hit in alert["hits"]:
                name, score = hit["designation"]["name"], hit["score"]
                print(f"{alert['payment_id']}: {hit['value']!r} is {name!r} at {score}: {became}")
            seen += 1
            if new == 0:
                print(f"{alert['payment_id']}: known already")
            if seen == told.count:
                break
    cases.close()


if __name__ == "__main__":
    asyncio.run(main())
