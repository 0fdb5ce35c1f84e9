"""Sends payment events to Kafka: what a payment platform does, reduced to its essence.

python send_payments.py --broker localhost:9092 --rate 50
"""

import argparse
import asyncio
import itertools
import json
import random
import time
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer

PAYERS = [
    "Acme Trading Ltd",
    "Nordic Timber AB",
    "Delta Freight GmbH",
    "Lumen Optics SA",
    "Birch Maritime Oy",
]
PAYEES = [
    "Harbor Ceramics Inc",
    "Juniper Textiles BV",
    "Quarry Stone PLC",
    "Kite Studio SRL",
    "Maria Oliveira",
]
DESIGNATED = ["Ashot Mkrtychev", "Ашот Мкртычев", "Mkrtichev, Ashot"]  # one in two hundred pays one of these


def payment(number: int) -> dict[str, Any]:
    """A payment event in Interdict's own JSON; ISO 20022 and SWIFT MT are taken as they are."""
    chance = random.Random(number)  # one id, one content: the same payment sent again is a repeat
    payee = chance.choice(DESIGNATED if number % 200 == 0 else PAYEES)
    return {
        "id": f"EX-{number}",
        "time": datetime.now(UTC).isoformat(),
        "amount": f"{chance.randrange(100, 5_000_000) / 100:.2f}",
        "currency": "EUR",
        "rail": "swift",
        "parties": [{"role": "debtor", "name": chance.choice(PAYERS)}, {"role": "creditor", "name": payee}],
        "remittance": [f"INV {number}"],
    }


def line(event: dict[str, Any]) -> str:
    """EX-7: Acme Trading Ltd pays Kite Studio SRL 123.45 EUR"""
    payer, payee = (party["name"] for party in event["parties"])
    return f"{event['id']}: {payer} pays {payee} {event['amount']} {event['currency']}"


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--broker", default="localhost:9092")
    arguments.add_argument("--topic", default="payments")
    arguments.add_argument("--rate", type=float, default=10, help="payments a second")
    arguments.add_argument("--count", type=int, help="stop after so many")
    told = arguments.parse_args()
    # acks=all: a payment that the broker has not safely stored has not been sent for screening
    async with AIOKafkaProducer(
        bootstrap_servers=told.broker, enable_idempotence=True, linger_ms=5
    ) as producer:
        number, printed = 0, 0.0
        for number in itertools.count(1) if told.count is None else range(1, told.count + 1):
            event = payment(number)
            await producer.send_and_wait(
                told.topic,
                json.dumps(event).encode(),
                key=str(event["id"]).encode(),  # one payment, one partition: its events stay in order
                headers=[("content-type", b"application/json")],
            )
            if time.monotonic() - printed >= 1:  # not each of thousands
                print(line(event), flush=True)
                printed = time.monotonic()
            await asyncio.sleep(1 / told.rate)
    print(f"{number} payments sent to {told.topic}")


if __name__ == "__main__":
    asyncio.run(main())
