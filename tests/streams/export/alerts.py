"""One alert as a worker writes it, made by the real screener."""

from datetime import UTC, datetime

import orjson

from screening import Designation, Name, NameType, Policy, Screener
from screening.payments import Field, Party, Payment, Role
from streams.records.json import alert_to_json
from streams.records.shapes import AlertRecord

NOON = datetime(2023, 8, 17, 12, tzinfo=UTC)
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),), programs=("RUSSIA-EO14024",))


def alert_bytes(payment_id: str = "P-1") -> bytes:
    screener = Screener(Policy())
    screener.upsert(VERSOR)
    payment = Payment(
        payment_id,
        (Party(Role.CREDITOR, names=(Field("VERSOR S.R.O.", "/parties/1/name"),)),),
        amount="12500.00",
        currency="USD",
    )
    return alert_to_json(screener.screen(payment), payment, NOON, 3.1)


def alert(payment_id: str = "P-1") -> AlertRecord:
    told: AlertRecord = orjson.loads(alert_bytes(payment_id))
    return told
