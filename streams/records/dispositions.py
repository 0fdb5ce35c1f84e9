"""Dispositions as records of their topic: the key is the pair, and a record without a value withdraws one.

The topic also holds decisions of a person on single payments, under `event|` and the place of the payment's
record, and proposals that wait for a second person, under `proposed|` and the pair. Compaction keeps the
newest record of each key, so a proposal never replaces the disposition in force.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import orjson

from config.settings import Settings
from screening.cases.dispositions import (
    Disposition,
    Dispositions,
    Given,
    Proposal,
    SuppressionRules,
    mark_of,
    pair_key,
)
from screening.cases.releases import Release, Word
from streams.records.json import disposition_from_json, disposition_to_json
from streams.records.shapes import HitRecord


def suppression_rules(settings: Settings) -> SuppressionRules:
    return SuppressionRules(settings.four_eyes, timedelta(days=settings.disposition_days))


EVENT = "event|"
"""How the key of a word on one payment begins."""


PROPOSED = "proposed|"
"""How the key of a proposal begins."""

KeyedRecord = tuple[str, bytes | None]
"""Key and value of a record."""


def pair_of_key(key: bytes | None) -> str | None:
    """The pair that a record is about; None for a record on a single payment."""
    text = (key or b"").decode(errors="replace")
    return None if text.startswith(EVENT) else text.removeprefix(PROPOSED)


def pair_of(hit: HitRecord) -> str:
    """The pair that a disposition on this hit would be about; nobody's for a hit without a fingerprint."""
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
    """What one record says about the pair in its key.

    Raises ValueError, which says what is wrong, also if the value names another pair: then it counts for
    neither.
    """
    disposition = disposition_from_json(value)
    if disposition.key.encode() != key:
        raise ValueError(f"the record's key must be {disposition.key}")
    return disposition


def proposal_to_json(proposal: Proposal) -> bytes:
    record = asdict(proposal)
    for said in (record, record["disposition"] or {}):
        if said.get("stood", "") is None:
            del said["stood"]
    return orjson.dumps(record)


def proposal_from_json(raw: bytes) -> Proposal:
    """Raises ValueError, which names what is missing or wrong."""
    try:
        record = orjson.loads(raw)
        texts = {name: str(record[name]) for name in ("pair", "by", "reason")}
        said = record["disposition"]
        disposition = None if said is None else disposition_from_json(orjson.dumps(said))
        approved_by, stood = str(record.get("approved_by", "")), record.get("stood")
        stood = None if stood is None else str(stood)
        return Proposal(disposition=disposition, approved_by=approved_by, stood=stood, **texts)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no proposal: {error!r}") from error


class TakesDispositions(Protocol):
    """What records are applied to: `Dispositions`, or something that takes the same calls."""

    def put(self, disposition: Disposition, at: datetime | None = None) -> None: ...

    def remove(self, key: str, at: datetime | None = None) -> None: ...

    def propose(self, proposal: Proposal, at: datetime | None) -> None: ...

    def retract(self, pair: str) -> None: ...


def take(known: TakesDispositions, key: bytes | None, value: bytes | None, at: float) -> None:
    """Apply one record, which came at a moment (Unix time). An unreadable record suppresses nothing: the
    pair's earlier disposition no longer counts, as if it were withdrawn.

    Raises ValueError, which says what is wrong with it.
    """
    pair = pair_of_key(key)
    if pair is None:
        return
    came = datetime.fromtimestamp(at, UTC)
    if (key or b"").startswith(PROPOSED.encode()):
        known.retract(pair)
        if value is not None:
            known.propose(_proposal_on(pair, value), came)
        return
    try:
        disposition = None if value is None else disposition_of_record(key or b"", value)
    except ValueError:
        known.remove(pair, came)
        raise
    if disposition:
        known.put(disposition, came)
    else:
        known.remove(pair, came)


def _proposal_on(pair: str, value: bytes) -> Proposal:
    proposal = proposal_from_json(value)
    if proposal.pair != pair:
        raise ValueError(f"the record's key must be {PROPOSED}{proposal.pair}")
    return proposal


def giving(disposition: Disposition, rules: SuppressionRules, stands: Given | None) -> KeyedRecord:
    """The record that gives a disposition, or proposes it if two people must agree and one has."""
    if rules.waits(disposition) or (stands and rules.keeps(stands, disposition, None)):
        return proposing(Proposal(disposition.key, disposition.by, disposition.reason, disposition))
    return disposition.key, disposition_to_json(disposition)


def proposing(proposal: Proposal) -> KeyedRecord:
    """The record that makes a proposal wait."""
    return PROPOSED + proposal.pair, proposal_to_json(proposal)


def settling(known: Dispositions, pairs: Iterable[str]) -> Iterator[tuple[KeyedRecord, datetime | None]]:
    """The records that restore unsettled pairs: the disposition in force in its place, and the waiting
    proposal beside it, each with its original time. Without them compaction would leave only what was written
    over it."""
    for pair in pairs:
        stands, waits = known.of_pair(pair), known.waiting(pair)
        if stands:
            yield (pair, disposition_to_json(stands.disposition)), stands.at
        if waits:
            yield proposing(waits.proposal), waits.at


def withdrawing(pair: str) -> list[KeyedRecord]:
    """The records that end a pair's disposition, and what waits beside it."""
    return [(pair, None), (PROPOSED + pair, None)]


def approving(proposal: Proposal, person: str, stands: Given | None) -> list[KeyedRecord]:
    """The records by which a second person, who has seen what is in force, approves a proposal. Raises
    ValueError if it is the same person.

    For a withdrawal the proposal is written first and stays: it says that two people withdrew what the next
    record ends.
    """
    both = replace(proposal, approved_by=person, stood=mark_of(stands))
    if (disposition := both.approved) is not None:
        return [(both.pair, disposition_to_json(disposition)), (PROPOSED + both.pair, None)]
    return [proposing(both), (both.pair, None)]


def overlooked(known: Dispositions, pair: str, given: Disposition | None) -> bool:
    """Whether a disposition, or with None a withdrawal, does not count because its giver had not seen one
    that came before it and that stays in force."""
    stands = known.of_pair(pair)
    return pair in known.unsettled and stands is not None and stands.disposition != given
