"""Dispositions as they stand on their topic: the key names the pair, and without a value one is withdrawn.

Beside them stand words on single payments, under `event|` and where the payment's record stands, and what
waits for a second person, under `proposed|` and the pair: compaction keeps the newest record of each key, so
that a proposal never takes the place of what stands.
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

Said = tuple[str, bytes | None]
"""Key and value of a record."""


def pair_of_key(key: bytes | None) -> str | None:
    """The pair that a record is about; None of a word on one payment."""
    text = (key or b"").decode(errors="replace")
    return None if text.startswith(EVENT) else text.removeprefix(PROPOSED)


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
    """What records are applied to; `Dispositions`, or what makes something else of them."""

    def put(self, disposition: Disposition, at: datetime | None = None) -> None: ...

    def remove(self, key: str, at: datetime | None = None) -> None: ...

    def propose(self, proposal: Proposal, at: datetime | None = None) -> None: ...

    def retract(self, pair: str) -> None: ...


def take(known: TakesDispositions, key: bytes | None, value: bytes | None, at: float) -> None:
    """Apply one record, which came at a moment (Unix time). One that cannot be read silences nobody: the
    pair's earlier one no longer counts, as if it were withdrawn.

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


def giving(disposition: Disposition, rules: SuppressionRules, stands: Given | None) -> Said:
    """The record that gives a disposition; a proposal, where two must look and one did."""
    if rules.waits(disposition) or (stands and rules.keeps(stands, disposition, None)):
        return proposing(Proposal(disposition.key, disposition.by, disposition.reason, disposition))
    return disposition.key, disposition_to_json(disposition)


def proposing(proposal: Proposal) -> Said:
    """The record by which a proposal waits."""
    return PROPOSED + proposal.pair, proposal_to_json(proposal)


def settling(known: Dispositions, pairs: Iterable[str]) -> Iterator[tuple[Said, datetime | None]]:
    """The records that put what stands of unsettled pairs back in its place, and beside it what waits, each
    as of when it came: what was written over it is all that compaction would leave."""
    for pair in pairs:
        stands, waits = known.of_pair(pair), known.waiting(pair)
        if stands:
            yield (pair, disposition_to_json(stands.disposition)), stands.at
        if waits:
            yield proposing(waits.proposal), waits.at


def withdrawing(pair: str) -> list[Said]:
    """The records by which nothing stands of a pair, and nothing waits."""
    return [(pair, None), (PROPOSED + pair, None)]


def approving(proposal: Proposal, person: str, stands: Given | None) -> list[Said]:
    """The records by which a second person approves a proposal, who has seen what stands. Raises ValueError
    where it is the same one.

    Of a withdrawal the proposal goes first and stays: it says that two withdrew what the next record ends.
    """
    both = replace(proposal, approved_by=person, stood=mark_of(stands))
    if (disposition := both.approved) is not None:
        return [(both.pair, disposition_to_json(disposition)), (PROPOSED + both.pair, None)]
    return [proposing(both), (both.pair, None)]


def overlooked(known: Dispositions, pair: str, given: Disposition | None) -> bool:
    """Whether what was given, or with None a withdrawal, does not count: something came before it that its
    giver had not seen, and stays in force."""
    stands = known.of_pair(pair)
    return pair in known.unsettled and stands is not None and stands.disposition != given
