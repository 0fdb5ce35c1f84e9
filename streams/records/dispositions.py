"""Dispositions as they stand on their topic: the key names the pair, and without a value one is withdrawn."""

from datetime import UTC, datetime, timedelta

from config.settings import Settings
from screening.cases.dispositions import Dispositions, SuppressionRules
from streams.records.json import disposition_from_json


def suppression_rules(settings: Settings) -> SuppressionRules:
    return SuppressionRules(settings.four_eyes, timedelta(days=settings.disposition_days))


def take(known: Dispositions, key: bytes | None, value: bytes | None, at: float) -> None:
    """Apply one record, which came at a moment (Unix time). One that cannot be read silences nobody: the
    pair's earlier one no longer counts.

    Raises ValueError, which says what is wrong with it.
    """
    pair = (key or b"").decode(errors="replace")
    known.remove(pair)
    if value is None:
        return
    disposition = disposition_from_json(value)
    if disposition.key != pair:
        raise ValueError(f"the record's key must be {disposition.key}")
    known.put(disposition, datetime.fromtimestamp(at, UTC))
