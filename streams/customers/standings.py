"""The published state of every customer with a hit, and what a new decision changes about it.

The alerts topic is compacted and keyed by customer, so it holds exactly this: a service that starts reads it
and knows what was published. Each service knows the standing of all customers, also of other services': they
are few, and a partition may move at any time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Generic, NamedTuple, TypeVar

from aiokafka import ConsumerRecord

from streams.audit.chain import HEADER, read_seal
from streams.kafka.options import ClientOptions
from streams.records.customers import customer_alert_from_json
from streams.records.shapes import HitRecord
from streams.records.shapes.customers import ChangeRecord, CustomerAlertRecord, SuppressedCustomerHit
from streams.worker.replicas.compacted import CompactedReplica
from streams.worker.replicas.follower import OnUnreadable


class Judged(NamedTuple):
    """What is said of a hit."""

    score: float
    threshold: float
    action: str
    confirmed_by: str | None


class Silenced(NamedTuple):
    """By whom and until when a hit is suppressed."""

    by: str
    until: datetime


Detail = TypeVar("Detail", Judged, Silenced)


class Reported(NamedTuple, Generic[Detail]):
    """One hit as it was last published."""

    designation_id: str
    listed: str
    """Fingerprint of the designation as it was."""
    party: str
    """Fingerprint of the party."""
    detail: Detail


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's hits and suppressed hits by alert id, and why it could not be screened."""

    hits: Mapping[str, Reported[Judged]] = field(default_factory=dict)
    suppressed: Mapping[str, Reported[Silenced]] = field(default_factory=dict)
    error: str = ""

    def __bool__(self) -> bool:
        return bool(self.hits or self.suppressed or self.error)

    def designations(self) -> set[str]:
        return {designation_id for _, designation_id in self.pairs()}

    def pairs(self) -> set[tuple[str, str]]:
        """Fingerprint of the party and id of the designation, of every hit and suppressed hit."""
        hits = {(reported.party, reported.designation_id) for reported in self.hits.values()}
        return hits | {(reported.party, reported.designation_id) for reported in self.suppressed.values()}

    def until(self) -> datetime | None:
        """When the first of its dispositions expires."""
        return min((reported.detail.until for reported in self.suppressed.values()), default=None)


CLEAR = Standing()


def standing_of(record: CustomerAlertRecord) -> Standing:
    """The standing in a record. Raises ValueError, LookupError or TypeError for anything else."""
    return Standing(
        {hit["alert_id"]: _reported(hit, _judged(hit)) for hit in record["hits"]},
        {hit["alert_id"]: _reported(hit, _silenced(hit)) for hit in record.get("suppressed", ())},
        record.get("error", ""),
    )


def _reported(hit: HitRecord, detail: Detail) -> Reported[Detail]:
    listed = hit["designation"]
    return Reported(listed["id"], listed.get("fingerprint", ""), hit.get("fingerprint", ""), detail)


def _judged(hit: HitRecord) -> Judged:
    return Judged(hit["score"], hit["threshold"], str(hit["action"]), hit.get("confirmed_by"))


def _silenced(hit: SuppressedCustomerHit) -> Silenced:
    given = hit["disposition"]
    return Silenced(given["by"], datetime.fromisoformat(given["until"]))


def changes(
    before: Standing, after: Standing, is_listed: Callable[[str], bool], why: str
) -> Iterator[ChangeRecord]:
    """What became of each alert; `why` is the reason for those that are gone although their designation is
    not."""
    for alert_id, reported in after.hits.items():
        known = before.hits.get(alert_id)
        if known is None:
            again = alert_id in before.suppressed
            yield _change(
                alert_id, reported, "updated" if again else "raised", "reopened" if again else "raised"
            )
        elif known.listed != reported.listed:
            yield _change(alert_id, reported, "superseded", "amended")
        elif known != reported:
            yield _change(alert_id, reported, "updated", "changed")
    for alert_id, reported in before.hits.items():
        if alert_id in after.hits:
            continue
        if silenced := after.suppressed.get(alert_id):
            change = _change(alert_id, reported, "closed", "false_positive")
            yield {**change, "by": silenced.detail.by}
        elif not is_listed(reported.designation_id):
            yield _change(alert_id, reported, "superseded", "delisted")
        else:
            yield _change(alert_id, reported, "closed", why)


def _change(alert_id: str, reported: Reported[Judged], state: str, what: str) -> ChangeRecord:
    return {"alert_id": alert_id, "designation_id": reported.designation_id, "state": state, "what": what}


class Standings:
    """The standing of every customer that has one."""

    def __init__(self) -> None:
        self._by_customer: dict[str, Standing] = {}
        self._by_designation: defaultdict[str, set[str]] = defaultdict(set)
        self._ends: list[tuple[datetime, str]] = []

    def __len__(self) -> int:
        return len(self._by_customer)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_customer)

    def of(self, customer_id: str) -> Standing:
        return self._by_customer.get(customer_id, CLEAR)

    def put(self, customer_id: str, standing: Standing) -> None:
        for designation in self._by_customer.pop(customer_id, CLEAR).designations():
            self._by_designation[designation].discard(customer_id)
            if not self._by_designation[designation]:
                del self._by_designation[designation]
        if standing:
            self._by_customer[customer_id] = standing
            for designation in standing.designations():
                self._by_designation[designation].add(customer_id)
            if until := standing.until():
                heappush(self._ends, (until, customer_id))

    def on(self, designation_id: str) -> frozenset[str]:
        """Customers with a hit, or a suppressed one, on a designation."""
        return frozenset(self._by_designation.get(designation_id, ()))

    def designations(self) -> frozenset[str]:
        return frozenset(self._by_designation)

    def errors(self) -> list[str]:
        """Customers that could not be screened."""
        return [customer for customer, standing in self._by_customer.items() if standing.error]

    def ended(self, now: datetime) -> Iterator[str]:
        """Customers with a disposition that has expired since the last call."""
        while self._ends and self._ends[0][0] <= now:
            yield heappop(self._ends)[1]


class StandingReplica(CompactedReplica[Standings]):
    """Keeps `known` up to date with the alerts topic. Records of other services are reported to
    `on_foreign`."""

    without = "no customer is screened"
    needed = True

    def __init__(
        self,
        topic: str,
        client: ClientOptions,
        session: str,
        on_foreign: Callable[[str], object],
        on_unreadable: OnUnreadable | None = None,
    ) -> None:
        super().__init__(topic, client, Standings, on_unreadable)
        self._session = session
        self._on_foreign = on_foreign

    @property
    def complete(self) -> bool:
        return not self.missing

    def put(self, kept: Standings, record: ConsumerRecord[bytes, bytes]) -> None:
        """Apply one record; its own are known already, and perhaps newer ones as well."""
        if kept is self.known and self._is_own(record):
            return
        customer_id = (record.key or b"").decode(errors="surrogateescape")
        kept.put(customer_id, standing_of(customer_alert_from_json(record.value)) if record.value else CLEAR)
        if kept is self.known:
            self._on_foreign(customer_id)

    def _is_own(self, record: ConsumerRecord[bytes, bytes]) -> bool:
        header = dict(record.headers).get(HEADER)
        return header is not None and read_seal(header).session == self._session

    def become(self, found: Standings) -> None:
        """Whatever is no longer on the topic counts as not published: these customers are screened again."""
        for customer_id in {*self.known, *found}:
            standing = found.of(customer_id)
            if self.known.of(customer_id) != standing:
                self.known.put(customer_id, standing)
                self._on_foreign(customer_id)
