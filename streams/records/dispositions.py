"""Dispositions as they stand on their topic: the key names the pair, and without a value one is withdrawn.

Beside them stand words on single payments, under `event|` and where the payment's record stands.
"""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import orjson

from config.settings import Settings
from screening.cases.dispositions import Disposition, Dispositions, SuppressionRules, pair_key
from screening.cases.releases import Release, Word
from streams.records.json import disposition_from_json
from streams.records.shapes import HitRecord


def suppression_rules(settings: Settings) -> SuppressionRules:
    return SuppressionRules(settings.four_eyes, timedelta(days=settings.disposition_days))


EVENT = "event|"
"""How the key of a word on one payment begins."""


def pair_of(hit: HitRecord) -> str:
    """The pair that a disposition on this hit would name; none of a hit without a fingerprint."""
    return pair_key(hit.get("fingerprint", ""), hit["designation"]["id"])


def release_key(event: str) -> str:
    return EVENT + event


def release_to_json(release: Release) -> bytes:
    return orjson.dumps(asdict(release))


def release_from_json(raw: bytes) -> Release:
    """Raises ValueError, which names what is missing or wrong."""
    try:
        record = orjson.loads(raw)
        texts = {name: str(record[name]) for name in ("event", "by", "reason")}
        return Release(word=Word(record["word"]), approved_by=str(record.get("approved_by", "")), **texts)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no word on a payment: {error!r}") from error


def disposition_of_record(key: bytes, value: bytes) -> Disposition:
    """What one record says of the pair that its key names.

    Raises ValueError, which says what is wrong, also where the value names another pair: then it counts for
    neither.
    """
    disposition = disposition_from_json(value)
    if disposition.key.encode() != key:
        raise ValueError(f"the record's key must be {disposition.key}")
    return disposition


def take(known: Dispositions, key: bytes | None, value: bytes | None, at: float) -> None:
    """Apply one record, which came at a moment (Unix time). One that cannot be read silences nobody: the
    pair's earlier one no longer counts.

    Raises ValueError, which says what is wrong with it.
    """
    pair = (key or b"").decode(errors="replace")
    if pair.startswith(EVENT):
        return
    known.remove(pair)
    if value is None:
        return
    known.put(disposition_of_record(key or b"", value), datetime.fromtimestamp(at, UTC))
