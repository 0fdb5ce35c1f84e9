"""When the customer book was last screened completely, and with which lists: what the services wrote,
checked.

The proofs are the services' statements. What they rest on is read again here: the customers topic gives count
and hash of what each partition held at the proof's offset, and the designations topic gives the lists in
force.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from screening.cases.dispositions import CLOCKS
from screening.ledger import ListDigest
from streams.kafka.log import Span, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.lists.status import TopicLists, read_topic
from streams.records.customers import Proof, proof_from_json

ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Held:
    """The content of a partition of the customers topic, up to the offset of its proof."""

    digest: ListDigest = field(default_factory=ListDigest)
    entries: dict[bytes, bytes] = field(default_factory=dict)
    """Each customer's part of the hash."""

    def apply(self, key: bytes, value: bytes | None) -> None:
        if (before := self.entries.pop(key, None)) is not None:
            self.digest.remove_hash(before)
        if value is not None:
            self.entries[key] = self.digest.add(key, value)


@dataclass(slots=True)
class BookStatus:
    """The whole book; complete if `reasons` is empty."""

    proofs: dict[int, Proof]
    lists: TopicLists
    reasons: list[str]

    @property
    def complete(self) -> bool:
        return not self.reasons

    @property
    def customers(self) -> int:
        return sum(proof.customers for proof in self.proofs.values())

    @property
    def screened_at(self) -> datetime | None:
        """When the last of the partitions was proved: since then the whole book is."""
        return max((proof.screened_at for proof in self.proofs.values()), default=None)

    @property
    def wholly_at(self) -> datetime | None:
        """The time since which every customer has been screened one by one."""
        return min((proof.wholly_at for proof in self.proofs.values()), default=None)

    def lines(self) -> Iterator[str]:
        """What an operator reads: one sentence, the lists, each partition, and what is missing."""
        proved = f"{self.customers:,} customers in {len(self.proofs)} partitions"
        if self.complete:
            yield f"complete: {proved}, screened wholly with these lists; proved at {_iso(self.screened_at)}"
        else:
            yield f"incomplete: {proved} are proved"
        for name, at in sorted(self.lists.lists.items()):
            yield f"  list {name} {at.version}: {at.entries:,} entries, hash {at.sha256[:12]}"
        for partition, proof in sorted(self.proofs.items()):
            yield (
                f"  partition {partition}: {proof.customers:,} customers up to offset {proof.offset}, hash "
                f"{proof.sha256[:12]}, proved {_iso(proof.screened_at)}, one by one {_iso(proof.wholly_at)}"
            )
        yield from (f"  {reason}" for reason in self.reasons)

    def as_json(self) -> dict[str, object]:
        return {
            "complete": self.complete,
            "reasons": self.reasons,
            "customers": self.customers,
            "screened_at": _iso(self.screened_at),
            "wholly_at": _iso(self.wholly_at),
            "lists": {
                name: {"version": at.version, "entries": at.entries, "sha256": at.sha256}
                for name, at in self.lists.lists.items()
            },
            "partitions": [
                {
                    "partition": partition,
                    "offset": proof.offset,
                    "customers": proof.customers,
                    "sha256": proof.sha256,
                    "screened_at": _iso(proof.screened_at),
                    "wholly_at": _iso(proof.wholly_at),
                    "unscreened": proof.unscreened,
                    "policy": proof.policy,
                    "matcher": proof.matcher,
                    "worker": proof.worker,
                }
                for partition, proof in sorted(self.proofs.items())
            ],
        }


def read_status(
    client: ClientOptions, topics: Topics, required: Iterable[str] = (), *, count: bool = True
) -> BookStatus:
    """The book as the topics prove it; without `count` the services' statements about its content are
    trusted.

    `client` are librdkafka's options. Raises BrokerError.
    """
    proofs, problems = _proofs(client, topics.customer_proofs)
    lists = read_topic(client, topics.designations, required)
    with TopicLog(client, topics.customers) as log:
        spans = {span.partition: span for span in log.spans()}
        held = {
            partition: _content_before(log, span, proofs[partition].offset)
            for partition, span in spans.items()
            if count and partition in proofs
        }
    known = {partition: proof for partition, proof in proofs.items() if partition in spans}
    reasons = [*problems, *lists.problems]
    for partition, span in sorted(spans.items()):
        reasons += _why_not(partition, span.end, known.get(partition), held.get(partition), lists)
    if len({(proof.policy, proof.matcher) for proof in known.values()}) > 1:
        reasons.append("partitions were screened with different policies or matchers; restart the services")
    return BookStatus(known, lists, reasons)


def _proofs(client: ClientOptions, topic: str) -> tuple[dict[int, Proof], list[str]]:
    """The last proof of each partition, and what cannot be read."""
    proofs: dict[int, Proof] = {}
    problems = []
    with TopicLog(client, topic) as log:
        for record in log.read_all(log.spans()):
            try:
                partition = int(record.key or b"-1")
                proofs.pop(partition, None)
                if record.value:
                    proofs[partition] = proof_from_json(record.value)
            except ValueError as error:
                problems.append(f"{topic}@{record.offset} is no proof: {error}")
    return proofs, problems


def _content_before(log: TopicLog, span: Span, until: int) -> Held:
    """The content of the partition before an offset, counted."""
    held = Held()
    for record in log.read(replace(span, end=min(span.end, until))):
        held.apply(record.key, record.value)
    return held


def _why_not(
    partition: int, end: int, proof: Proof | None, held: Held | None, lists: TopicLists
) -> Iterator[str]:
    """Why this partition is not completely screened with what is in force."""
    where = f"partition {partition}"
    if proof is None:
        if end:
            yield f"{where} was never screened wholly; start `interdict customers run`"
        else:
            yield f"{where} is empty, and no service has said so; start `interdict customers run`"
        return
    if proof.offset < end:
        yield f"{where} is {end - proof.offset} records behind: screened up to {proof.offset} of {end}"
    elif held and (held.digest.count, held.digest.sha256) != (proof.customers, proof.sha256):
        yield (
            f"{where} holds {held.digest.count} customers, hash {held.digest.sha256[:12]}, but its proof "
            f"says {proof.customers}, {proof.sha256[:12]}; restart its service ({proof.worker})"
        )
    if proof.unscreened:
        yield (
            f"{where}: {proof.unscreened} customers could not be read or screened; "
            "the dead letters and alerts with outcome error name them"
        )
    yield from _lists_behind(where, proof, lists)
    if proof.wholly_at - datetime.now(UTC) > CLOCKS:
        at = _iso(proof.wholly_at)
        yield f"{where}: its proof is of {at}, which is still to come; set the service's clock"
    if datetime.now(UTC).date() - proof.wholly_at.astimezone(UTC).date() > ONE_DAY:
        yield f"{where}: the day's whole pass is missing since {proof.wholly_at:%Y-%m-%d}"


def _lists_behind(where: str, proof: Proof, lists: TopicLists) -> Iterator[str]:
    """Lists in force that it was not screened with, or not in this version."""
    for name, at in lists.lists.items():
        with_ = proof.lists.versions.get(name)
        if with_ is None:
            yield f"{where} was screened without list {name}"
        elif (with_.version, with_.sha256) != (at.version, at.sha256):
            yield f"{where} was screened with {name} {with_.version}, and {at.version} is in force"
    for name in proof.lists.versions.keys() - lists.lists.keys():
        yield f"{where} was screened with list {name}, which is not in force any more"


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None
