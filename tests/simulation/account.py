"""What must be true after a run, from what the brokers saw alone.

The account folds the list by itself, from the committed transactions of the true history: it knows at each
moment and at each offset which parties were in force, whatever was compacted, deleted or doubted since.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from tests.simulation.log import Entry
from tests.simulation.parties import LISTS, Edition
from tests.simulation.scene import PARTITIONS, TOPICS

if TYPE_CHECKING:
    from tests.simulation.run import Run

_LIST_OF = {name: listed for listed, names in LISTS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as it was sent."""

    id: str
    party: str
    at: float


@dataclass(frozen=True, slots=True)
class InForce:
    """A list from the moment and the offset of its commit on."""

    at: float
    offset: int
    sha256: str
    """Empty for a list that was withdrawn."""
    names: frozenset[str]
    publication: str
    date: str
    """Of its file, ISO 8601; empty for a list that was withdrawn."""


class Violation(NamedTuple):
    """Something that must not be: what kind, and what exactly."""

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind.upper()}: {self.text}"


UNKNOWN = ("was published and is not what", "is committed and could not be seen")
"""What a publisher says that cannot tell whether its file is in force."""


class Account:
    """Of one run."""

    def __init__(self, run: "Run") -> None:
        self._run = run

    @property
    def settled(self) -> bool:
        """Every payment is decided and every copy of the list is what it should be."""
        decided = {each["payment_id"] for each in self._decisions}
        return all(each.id in decided for each in self._run.paid) and not (self._copies() or self._topic())

    def violations(self) -> list[Violation]:
        found = self._decided() + self._copies() + self._topic() + self._published() + self._order()
        for decision in self._decisions:
            found += self._true(decision)
        return found + self._ids() + self._alerts()

    @property
    def _decisions(self) -> list[dict[str, Any]]:
        return self._read(TOPICS.decisions)

    def _read(self, topic: str) -> list[dict[str, Any]]:
        return [
            orjson.loads(entry.value or b"null")
            for partition in range(PARTITIONS[topic])
            for entry in self._run.cluster.logs[topic, partition].entries
        ]

    @cached_property
    def _versions(self) -> dict[str, list[InForce]]:
        """Every list's states in their order. Asked for at the end alone."""
        found: dict[str, list[InForce]] = defaultdict(list)
        waiting: dict[int, list[tuple[str, InForce]]] = defaultdict(list)
        for at, entry in self._run.cluster.history:
            if entry.writer is None:
                continue  # by somebody who has no claim to the list
            if entry.commits is not None:
                for name, state in waiting.pop(entry.writer.id, []):
                    if entry.commits:
                        found[name].append(replace(state, at=at))
            elif (marker := _marker(entry)) is not None:
                sha256 = marker["sha256"] if marker["marker"] == "commit" else ""
                date = marker.get("source_date", "")
                state = InForce(at, entry.offset, sha256, self._names[sha256], marker["run"], date)
                waiting[entry.writer.id].append((marker["list"], state))
        return found

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        """The parties of every file that was ever to be seen, by its hash."""
        editions = {each.edition for each in self._run.story.events if each.edition}
        return {each.sha256: each.names for each in editions} | {"": frozenset()}

    def _decided(self) -> list[Violation]:
        decided = {each["payment_id"] for each in self._decisions}
        missing = [each.id for each in self._run.paid if each.id not in decided]
        if not missing:
            return []
        reasons = {
            name: worker.replica.reasons if worker.replica else ("not started",)
            for name, worker in self._run.workers.items()
        }
        return [Violation("undecided", f"{', '.join(missing)}; the workers say {reasons}")]

    def _wanted(self) -> dict[str, Edition]:
        """The newest file of every list that was not withdrawn."""
        wanted: dict[str, Edition] = {}
        for publisher in self._run.publishers.values():
            edition = publisher.source.edition
            withdrawn = any(name == publisher.list_name for name, *_ in self._run.withdrawn)
            if edition and not withdrawn:
                at = wanted.get(publisher.list_name)
                wanted[publisher.list_name] = max(at, edition, key=_number) if at else edition
        return wanted

    def _topic(self) -> list[Violation]:
        """The newest record of every entry is the newest file's: what a worker reads that starts later."""
        held: dict[bytes | None, bytes | None] = {}
        for entry in self._run.cluster.nodes[self._run.cluster.leader].log.committed():
            held[entry.key] = entry.value
        found: list[Violation] = []
        for listed, edition in self._wanted().items():
            prefix = f"{listed}:".encode()
            there = {
                (key or b"").decode(): value
                for key, value in held.items()
                if value is not None
                and (key or b"").startswith(prefix)
                and not (key or b"").startswith(prefix + b"@")
            }
            if there != edition.records():
                found.append(Violation("topic", f"{listed} on the topic is not {edition}: {sorted(there)}"))
        return found

    def _order(self) -> list[Violation]:
        """No list goes back to an older file, unless it was withdrawn, or what said its date was deleted."""
        if any(event.what == "delete" for event in self._run.story.events):
            return []
        return [
            Violation("older", f"{listed} of {before.date} was replaced by {after.date} at {after.at:.2f} s")
            for listed, states in self._versions.items()
            for before, after in pairwise(states)
            if after.date and after.date < before.date
        ]

    def _copies(self) -> list[Violation]:
        """Every worker holds the newest file of every list."""
        wanted = self._wanted()
        found: list[Violation] = []
        for name, worker in self._run.workers.items():
            replica = worker.replica
            if replica is None or not replica.complete.is_set():
                reasons = replica.reasons if replica else "not started"
                found.append(Violation("not ready", f"{name}: {reasons}"))
                continue
            versions = replica.screener.lists.versions
            for listed, edition in wanted.items():
                if listed not in versions:
                    found.append(Violation("copies", f"{name} does not have list {listed}"))
                elif versions[listed].sha256 != edition.sha256:
                    told = f"{name} has {listed} {versions[listed].version}, not {edition}"
                    found.append(Violation("copies", told))
        return found

    def _published(self) -> list[Violation]:
        """A publication that says so is in force when it ends; one that says no is never."""
        found: list[Violation] = []
        for publisher in self._run.publishers.values():
            states = self._versions[publisher.list_name]
            for edition, ids, ended, why in publisher.outcomes:
                if why.startswith("!") or any(said in why for said in UNKNOWN):
                    continue  # who asks is told that nobody knows, or that it was in force and is no more
                told = f"{publisher.name} at {ended:.2f} s of {edition}"
                if not why and not any(each.sha256 == edition.sha256 and each.at <= ended for each in states):
                    found.append(Violation("published", f"{told}: in force, and it is not"))
                if why and any(each.publication in ids for each in states):
                    found.append(Violation("published", f"{told}, and it is in force: {why}"))
        return found

    def _true(self, decision: dict[str, Any]) -> list[Violation]:
        """The decision is what the list says that it names, and that list is no older than the payment."""
        paid = next(each for each in self._run.paid if each.id == decision["payment_id"])
        told = f"{paid.id} to {paid.party}, sent at {paid.at:.2f} s, decided {decision['outcome']}"
        if decision["outcome"] == "error":
            return [Violation("error", f"{told}: {decision['error']}")]
        found: list[Violation] = []
        offset = decision["list"]["offsets"]["0"]
        hits = {hit["designation"]["name"] for hit in decision["hits"]}
        hits |= {each["designation"]["name"] for each in decision.get("suppressed", ())}
        for listed, versions in self._versions.items():
            before = [each for each in versions if each.offset < offset]
            acknowledged = [each for each in versions if each.at <= paid.at]
            named = decision["list"].get(listed, {}).get("sha256", "")
            there = before[-1] if before else None
            if (there.sha256 if there else "") != named:
                found.append(Violation("untrue", f"{told} at offset {offset}: {listed} was another there"))
            if acknowledged and (not before or before[-1].offset < acknowledged[-1].offset):
                newer = f"{acknowledged[-1].offset} was in force since {acknowledged[-1].at:.2f} s"
                found.append(Violation("stale", f"{told} with {listed} as of offset {offset}; {newer}"))
            listed_then = bool(there and there.sha256 and paid.party in there.names)
            if _LIST_OF.get(paid.party) == listed and listed_then != (paid.party in hits):
                found.append(Violation("untrue", f"{told} at offset {offset}; listed: {listed_then}"))
        return found

    def _ids(self) -> list[Violation]:
        by_id, by_content = defaultdict(set), defaultdict(set)
        for each in self._decisions:
            content = (
                each["payment_id"],
                each["policy"],
                each["outcome"],
                tuple(sorted((hit["alert_id"], hit["designation"]["fingerprint"]) for hit in each["hits"])),
                orjson.dumps(each.get("suppressed", ())),
            )
            by_id[each["decision_id"]].add(content)
            by_content[content].add(each["decision_id"])
        twice = [f"one id, {each}, for two" for each, said in by_id.items() if len(said) > 1]
        twice += [f"two ids for one of {said[0]}" for said, ids in by_content.items() if len(ids) > 1]
        return [Violation("ids", each) for each in twice]

    def _alerts(self) -> list[Violation]:
        alerts = {each["decision_id"] for each in self._read(TOPICS.alerts)}
        return [
            Violation("no alert", f"decision {each['decision_id']} of {each['payment_id']}")
            for each in self._decisions
            if each["outcome"] == "hit" and each["decision_id"] not in alerts
        ]


def _marker(entry: Entry) -> Any:
    """What brings a list into force or takes it out; None for any other record."""
    if (entry.key or b"").endswith((b":@commit", b":@withdrawal")):
        return orjson.loads(entry.value or b"null")
    return None


def _number(edition: Any) -> int:
    return int(edition.number)
