"""Bytes on the topics <-> our records. The JSON here is the contract with the programs around us."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Unpack, cast

import orjson

from screening.cases.dispositions import Disposition, Verdict
from screening.decisions import Decision, Explanation, Hit, ListState
from screening.designations import (
    Address,
    DateRange,
    Designation,
    Gender,
    Identifier,
    Kind,
    Link,
    Name,
    NameType,
    Quality,
)
from screening.fingerprints import designation_fingerprint
from screening.ledger import Marker, MarkerType
from screening.limits import MOST_HITS, MOST_ROWS, excerpt
from screening.payments.model import Party, Payment
from screening.policy.rules import Action
from streams.records.shapes import (
    OFFSETS,
    DateRangeRecord,
    DecisionRecord,
    DesignationInHit,
    DesignationRecord,
    EventPlace,
    ExplanationRecord,
    HitRecord,
    ListsRecord,
    MoreOfAlert,
    MoreOfDecision,
    PartyInAlert,
    PaymentInAlert,
    StoppedRecord,
)

CONTENT_TYPE = ("content-type", b"application/json")


class Origin(NamedTuple):
    """The payment event that a decision is about, as the broker knows it."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    """The record's Kafka timestamp, milliseconds of Unix time."""


def designation_to_json(designation: Designation) -> bytes:
    """Canonical: equal designations give equal bytes, which the list's hash relies on."""
    record = orjson.loads(orjson.dumps(designation))  # in a quarter of the time that `asdict` takes
    return orjson.dumps(_without_nothing(record), option=orjson.OPT_SORT_KEYS)


def designation_from_json(raw: bytes) -> Designation:
    """Raises ValueError (KeyError and TypeError included) for bytes that are no designation."""
    try:
        return _designation(orjson.loads(raw))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no designation: {error!r}") from error


def _designation(record: DesignationRecord) -> Designation:
    names = tuple(
        Name(name["text"], NameType(name.get("type", "aka")), Quality(name.get("quality", "strong")))
        for name in record["names"]
    )
    if not names:
        raise ValueError("no designation: names is empty")
    made = Designation(
        id=record["id"],
        names=names,
        kind=Kind(record["kind"]) if record.get("kind") else None,
        programs=_listed(record.get("programs")),
        identifiers=tuple(Identifier(**item) for item in record.get("identifiers", ())),
        birth_dates=tuple(_range(item) for item in record.get("birth_dates", ())),
        birth_places=_listed(record.get("birth_places")),
        countries=_listed(record.get("countries")),
        gender=Gender(record["gender"]) if record.get("gender") else None,
        addresses=tuple(Address(**item) for item in record.get("addresses", ())),
        links=tuple(Link(**item) for item in record.get("links", ())),
        listed_on=date.fromisoformat(record["listed_on"]) if record.get("listed_on") else None,
        remarks=record.get("remarks", ""),
    )
    if wrong := _not_text(made):
        raise ValueError(f"no designation: {wrong}")
    return made


def _listed(texts: list[str] | None) -> tuple[str, ...]:
    if texts is None:
        return ()
    if not isinstance(texts, list):  # a text by itself would be as many as it has letters
        raise TypeError(f"{texts!r} must be a list")
    return tuple(texts)


_TEXT, _TEXT_OR_NONE = {str}, {str, type(None)}
_SHARE = {float, int, type(None)}


def _not_text(made: Designation) -> str:
    """What is no text and must be; empty where all is well.

    Nobody would notice before it is indexed or compared, where it ends the worker, and every one after it.
    """
    texts = [made.id, made.remarks, *made.programs, *made.birth_places, *made.countries]
    texts += [name.text for name in made.names]
    either: list[str | None] = []
    for identifier in made.identifiers:
        texts += (identifier.scheme, identifier.value, identifier.note)
        either.append(identifier.country)
    for address in made.addresses:
        texts += (address.text, address.city, address.region, address.postal_code)
        either.append(address.country)
    for link in made.links:
        texts += (link.name, link.relation)
        either.append(link.to)
        if type(link.percent) not in _SHARE:
            return f"percent must be a number, not {link.percent!r}"
    if _TEXT.issuperset(map(type, texts)) and _TEXT_OR_NONE.issuperset(map(type, either)):
        return ""
    return f"{next(each for each in (*texts, *either) if not isinstance(each, str))!r} must be text"


def _range(item: DateRangeRecord) -> DateRange:
    return DateRange(
        date.fromisoformat(item["earliest"]),
        date.fromisoformat(item["latest"]),
        bool(item.get("circa", False)),
    )


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_nothing(item) for key, item in value.items() if item not in (None, "", [], False)
        }
    if isinstance(value, list):
        return [_without_nothing(item) for item in value]
    return value


def marker_from_json(raw: bytes) -> Marker:
    """Raises ValueError for bytes that are no begin or commit marker."""
    try:
        record = orjson.loads(raw)
        return Marker(
            type=MarkerType(record["marker"]),
            source=str(record["list"]),
            version=str(record["version"]),
            count=int(record["count"]),
            sha256=str(record["sha256"]),
            published_at=datetime.fromisoformat(record["published_at"]).astimezone(UTC).timestamp(),
            publication=str(record.get("run", "")),
            source_date=str(record.get("source_date", "")),
            reason=str(record.get("reason", "")),
            by=str(record.get("by", "")),
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"no list marker: {error!r}") from error


def registry_to_json(names: Iterable[str]) -> bytes:
    """Every list that was ever in force and not withdrawn, as the record `@lists` carries them."""
    return orjson.dumps({"marker": "lists", "lists": sorted(names)})


def registry_from_json(raw: bytes | None) -> tuple[str, ...]:
    """Raises ValueError for bytes that are no registry; none where it was deleted."""
    if raw is None:
        return ()
    record = orjson.loads(raw)
    names = record.get("lists") if isinstance(record, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("no registry of lists: their names are expected under lists")
    return tuple(names)


def disposition_to_json(disposition: Disposition) -> bytes:
    record = dataclasses.asdict(disposition)
    if disposition.stood is None:
        del record["stood"]
    return orjson.dumps(record)


def disposition_from_json(raw: bytes) -> Disposition:
    """Raises ValueError, which names what is missing or wrong."""
    record = orjson.loads(raw)
    if not isinstance(record, dict):
        raise ValueError("no disposition: it must be an object")
    if missing := [name for name in _NEEDED if record.get(name) is None]:
        raise ValueError(f"no disposition: {', '.join(missing)} missing")
    given = {name: record[name] for name in _DISPOSED if record.get(name) is not None}
    if wrong := [name for name, value in given.items() if not isinstance(value, str)]:
        raise ValueError(f"no disposition: {', '.join(wrong)} must be text")
    given["verdict"] = Verdict(given["verdict"])
    given["until"] = datetime.fromisoformat(given["until"])
    return Disposition(**given)


_DISPOSED = {field.name: field.default for field in dataclasses.fields(Disposition)}
_NEEDED = [name for name, default in _DISPOSED.items() if default is dataclasses.MISSING]


def decision_to_json(
    decision: Decision,
    screened_at: datetime,
    latency_ms: float,
    event: Origin | None = None,
    **more: Unpack[MoreOfDecision],
) -> bytes:
    """The decision as the contract shows it, and `more`; the clock's two values come from the caller.

    `event` is absent where the payment did not come from a topic.
    """
    return orjson.dumps({**_decision(decision, screened_at, latency_ms, event), **more})


def alert_to_json(
    decision: Decision,
    payment: Payment,
    screened_at: datetime,
    latency_ms: float,
    event: Origin | None = None,
    **more: Unpack[MoreOfAlert],
) -> bytes:
    """The decision's hit-bearing form, with the payment's own fields that a case worker needs, and `more`."""
    record = _decision(decision, screened_at, latency_ms, event)
    return orjson.dumps({**record, "payment": payment_to_json(payment), **more})


def _decision(
    decision: Decision, screened_at: datetime, latency_ms: float, event: Origin | None
) -> DecisionRecord:
    record: DecisionRecord = {
        "decision_id": decision.decision_id,
        "payment_id": decision.payment_id,
        "outcome": decision.outcome,
        "screened_at": screened_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "latency_ms": round(latency_ms, 3),
        "list": list_state_to_json(decision.lists),
        "policy": decision.policy,
        "matcher": decision.matcher,
        "trigger": decision.trigger,
        "hits": [hit_to_json(hit) for hit in _shown(decision.hits)],
    }
    left_out = len(decision.hits) + len(decision.suppressed) - len(record["hits"])
    left_out -= min(MOST_HITS, len(decision.suppressed))
    if left_out:
        record["hits_left_out"] = left_out
    if event:
        record["event"] = event_to_json(event)
    if decision.error:
        record["error"] = decision.error
    if decision.notes:
        record["notes"] = [*decision.notes]
    if decision.suppressed:
        record["suppressed"] = [
            {
                **hit_to_json(held.hit),
                "disposition": {"by": held.by, "reason": held.reason, "until": held.until.isoformat()},
            }
            for held in decision.suppressed[:MOST_HITS]
        ]
    return record


def event_to_json(event: Origin) -> EventPlace:
    """Where a payment's event stands, ready to be dumped."""
    topic, partition, offset, timestamp_ms = event
    return {"topic": topic, "partition": partition, "offset": offset, "timestamp_ms": timestamp_ms}


def _shown(hits: tuple[Hit, ...]) -> Sequence[Hit]:
    """The hits that a record shows: all of them, or the strongest, what stops the payment first."""
    if len(hits) <= MOST_HITS:
        return hits
    return sorted(hits, key=lambda hit: (hit.action is not Action.HOLD, -hit.score))[:MOST_HITS]


def list_state_to_json(lists: ListState) -> ListsRecord:
    """With what it was decided, as decisions name it, ready to be dumped."""
    versions = {
        source: {"version": at.version, "entries": at.entries, "sha256": at.sha256}
        for source, at in sorted(lists.versions.items())
    }
    return versions | {OFFSETS: {str(partition): offset for partition, offset in lists.offsets.items()}}


def designation_in_hit(designation: Designation) -> DesignationInHit:
    """What a hit shows of its designation."""
    return {
        "id": designation.id,
        "name": designation.name,
        "kind": designation.kind,
        "programs": [*designation.programs],
        "linked_to": [link.to or link.name for link in designation.links],
        "fingerprint": designation_fingerprint(designation),
    }


def hit_to_json(hit: Hit) -> HitRecord:
    """A hit as it stands in a decision, ready to be dumped."""
    record: HitRecord = {
        "alert_id": hit.alert_id,
        "fingerprint": hit.fingerprint,
        "reason": hit.reason,
        "role": hit.role,
        "path": hit.path,
        "value": excerpt(hit.value, hit.explanation[0].query if hit.explanation else ""),
        "designation": designation_in_hit(hit.designation),
        "matched": hit.name.text if hit.name else None,
        "name_type": hit.name.type if hit.name else None,
        "alias_quality": hit.name.quality if hit.name else None,
        "score": hit.score,
        "threshold": hit.threshold,
        "action": hit.action,
        "confirmed_by": hit.confirmed_by or None,
        "summary": hit.summary,
        "network": [
            {"one": tie.one, "relation": tie.relation, "other": tie.other, "percent": tie.percent}
            for tie in hit.network
        ],
        "explanation": _rows(hit.explanation),
    }
    if hit.stopped:
        record["stopped"] = cast(StoppedRecord, hit.stopped)  # orjson writes its fields, times as ISO 8601
    return record


def _rows(explanation: tuple[Explanation, ...]) -> list[ExplanationRecord]:
    """The rows of an explanation; of too many the first, and a row that says how many more there are."""
    if len(explanation) <= MOST_ROWS:
        return [_explanation(row) for row in explanation]
    more = Explanation(f"{len(explanation) - MOST_ROWS} more rows", "", "left out", 0.0, 0.0)
    return [_explanation(row) for row in (*explanation[:MOST_ROWS], more)]


def _explanation(row: Explanation) -> ExplanationRecord:
    return {
        "query": row.query,
        "matched": row.matched,
        "how": row.how,
        "weight": row.weight,
        "similarity": row.similarity,
    }


def payment_to_json(payment: Payment) -> PaymentInAlert:
    """A payment's own fields, as an alert carries them."""
    return {
        "id": payment.id,
        "format": payment.format,
        "time": payment.time.isoformat() if payment.time else None,
        "amount": payment.amount,
        "currency": payment.currency,
        "rail": payment.rail,
        "uetr": payment.uetr,
        "status": payment.status,
        "parties": [_party(party) for party in payment.parties],
    }


def _party(party: Party) -> PartyInAlert:
    record: PartyInAlert = {
        "role": party.role,
        "names": [field.value for field in party.names],
        "countries": [field.value for field in party.countries],
        "accounts": [item.value for item in party.identifiers],
        "texts": [field.value for field in party.texts],
    }
    if party.addresses:
        record["addresses"] = [field.value for field in party.addresses]
    return record
