"""The records of `screening.customer-alerts` and `screening.customer-proofs`.

| topic | key | value | | --- | --- | --- | | `screening.customer-alerts` | customer id | its present hits,
and what changed with this record | | `screening.customer-proofs` | a partition | up to where it was last
screened completely, and with what |

A customer that never hit has no alert record; one that no longer hits keeps a record without hits. So a
reader of the whole topic, compacted or not, has every alert in its present state.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import orjson

from screening.customers.customer import Customer
from screening.decisions import Decision, Hit, ListState, ListVersion, SuppressedHit
from screening.limits import MOST_HITS
from streams.records.json import Origin, event_to_json, hit_to_json, list_state_to_json
from streams.records.shapes import OFFSETS, ListsRecord
from streams.records.shapes.customers import (
    CustomerAlertRecord,
    CustomerHit,
    CustomerInAlert,
    CustomerProofRecord,
    SuppressedCustomerHit,
)

RELATIONS = {"owners": "owner", "directors": "director"}


@dataclass(frozen=True, slots=True)
class Proof:
    """A partition of the book is completely screened: every customer before `offset`, against these lists."""

    partition: int
    offset: int
    """Of `customers`: everything before it is in the book."""
    customers: int
    sha256: str
    """Count and hash of the customers, as of lists."""
    lists: ListState
    policy: str
    matcher: str
    screened_at: datetime
    """When that was so."""
    wholly_at: datetime
    """When every customer was last screened one by one against every list, the day's own check."""
    unscreened: int = 0
    """Customers that could not be screened, and are therefore no part of what is proved."""
    worker: str = ""


def customer_alert(
    decision: Decision, customer: Customer | None, at: datetime, event: Origin | None = None
) -> CustomerAlertRecord:
    """A customer's present state; None for one that is gone. The caller adds what changed."""
    record: CustomerAlertRecord = {
        "decision_id": decision.decision_id,
        "customer_id": decision.payment_id,
        "outcome": decision.outcome,
        "screened_at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "list": list_state_to_json(decision.lists),
        "policy": decision.policy,
        "matcher": decision.matcher,
        "trigger": decision.trigger,
        "hits": [_hit(hit) for hit in decision.hits[:MOST_HITS]],
        "changes": [],
    }
    if left_out := max(0, len(decision.hits) - MOST_HITS):
        record["hits_left_out"] = left_out
    if decision.suppressed:
        record["suppressed"] = [_suppressed(held) for held in decision.suppressed[:MOST_HITS]]
    if decision.error:
        record["error"] = decision.error
    if decision.notes:
        record["notes"] = [*decision.notes]
    if customer is not None:
        record["customer"] = _shown(customer)
    if event is not None:
        record["event"] = event_to_json(event)
    return record


def _hit(hit: Hit) -> CustomerHit:
    return cast(CustomerHit, {**hit_to_json(hit), "party": _party(hit.path)})


def _suppressed(held: SuppressedHit) -> SuppressedCustomerHit:
    disposition = {"by": held.by, "reason": held.reason, "until": held.until.isoformat()}
    return cast(SuppressedCustomerHit, {**_hit(held.hit), "disposition": disposition})


def _party(path: str) -> str:
    """The party that a path belongs to: the customer itself, an owner or a director."""
    steps = [step for step in path.split("/") if step in RELATIONS]
    return RELATIONS[steps[-1]] if steps and path != "/owners" else "customer"


def _shown(customer: Customer) -> CustomerInAlert:
    """The fields that a case worker needs, the parties they belong to, and the shares between these."""
    return {
        "id": customer.id,
        "parties": [
            {
                "place": place,
                "names": [field.value for field in party.names],
                "kind": party.kind,
                "countries": [field.value for field in party.countries],
                "accounts": [code.value for code in party.identifiers],
            }
            for place, party in zip(customer.places, customer.parties, strict=True)
        ],
        "shares": [
            {"owner": share.owner, "owned": share.owned, "percent": share.percent}
            for share in customer.shares
        ],
    }


def customer_alert_from_json(raw: bytes) -> CustomerAlertRecord:
    """Raises ValueError for bytes that are not such a record."""
    record = orjson.loads(raw)
    if not isinstance(record, dict) or not isinstance(record.get("hits"), list):
        raise ValueError("no customer alert: an object with hits is expected")
    return cast(CustomerAlertRecord, record)


def proof_to_json(proof: Proof) -> bytes:
    record: CustomerProofRecord = {
        "partition": proof.partition,
        "offset": proof.offset,
        "customers": proof.customers,
        "sha256": proof.sha256,
        "list": list_state_to_json(proof.lists),
        "policy": proof.policy,
        "matcher": proof.matcher,
        "screened_at": proof.screened_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "wholly_at": proof.wholly_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "unscreened": proof.unscreened,
        "worker": proof.worker,
    }
    return orjson.dumps(record)


def proof_from_json(raw: bytes) -> Proof:
    """Raises ValueError for bytes that are not a proof."""
    try:
        record = orjson.loads(raw)
        return Proof(
            partition=int(record["partition"]),
            offset=int(record["offset"]),
            customers=int(record["customers"]),
            sha256=str(record["sha256"]),
            lists=_list_state(record["list"]),
            policy=str(record["policy"]),
            matcher=str(record["matcher"]),
            screened_at=datetime.fromisoformat(record["screened_at"]),
            wholly_at=datetime.fromisoformat(record["wholly_at"]),
            unscreened=int(record["unscreened"]),
            worker=str(record["worker"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no proof: {error!r}") from error


def _list_state(record: ListsRecord) -> ListState:
    versions = {
        source: ListVersion(at["version"], at["entries"], at["sha256"])
        for source, at in record.items()
        if source != OFFSETS
    }
    return ListState(versions, {int(at): int(offset) for at, offset in record[OFFSETS].items()})
