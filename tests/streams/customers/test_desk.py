"""What the customer desk screens, tells and proves, slice by slice: on a real book, without a broker."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from prometheus_client import CollectorRegistry

from screening import Designation, Name, NameType, Policy, Screener
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.customers.book import Book
from screening.customers.ruling import rule
from screening.decisions import MATCHER, Decision, ListState, Outcome
from screening.payments import PaymentError
from streams.customers import desk as module
from streams.customers.desk import CustomerDesk, _is_another_day
from streams.customers.metrics import CustomerMetrics
from streams.customers.shelf import NEVER, Shelf, Trigger
from streams.customers.standings import Standings
from streams.kafka.topics import Topics
from streams.records.customers import Proof, proof_from_json
from streams.records.json import Origin
from streams.worker.replicas.table import EntryChange

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
VERSOR = Designation("ofac:1", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
BOOK = {"C-1": "Versor s.r.o.", "C-2": "Igor Petrov", "C-3": "Acme Trading"}


class Replica:
    """A list that is complete, and how far it is applied."""

    def __init__(self) -> None:
        self.screener = Screener(Policy())
        self.complete = asyncio.Event()
        self.complete.set()
        self.waited_for: list[int] = []

    def ends_before(self, end: int, read_to: int) -> bool:
        """A topic that ends so much before what was read of it was recreated, and is read at once."""
        if anew := end < read_to - 100:
            self.screener = Screener(Policy())
        return anew

    async def reached(self, offset: int) -> None:
        self.waited_for.append(offset)


class Barrier:
    hangs = False

    async def list_end(self) -> int:
        if self.hangs:
            await asyncio.Event().wait()
        return 7


class Outbox:
    """Keeps what is sent, and what of it is delivered."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, Any]] = []
        self.delivered_of = 0

    def send(self, topic: str, key: bytes, value: bytes, headers: Any) -> None:
        assert headers
        self.sent.append((topic, key, orjson.loads(value)))

    async def delivered(self) -> None:
        self.delivered_of = len(self.sent)


class Service:
    """A desk with one shelf of three customers, and what it told."""

    def __init__(self) -> None:
        self.now = NOW
        self.replica, self.barrier, self.outbox = Replica(), Barrier(), Outbox()
        self.registry = CollectorRegistry()
        self.standings, self.dispositions = Standings(), Dispositions()
        self.shelf = Shelf(0, Book(Policy()), offset=5)
        for customer, name in BOOK.items():
            self.shelf.book.put(customer, orjson.dumps({"name": name}))
        replica: Any = self.replica
        barrier: Any = self.barrier
        outbox: Any = self.outbox
        self.desk = CustomerDesk(
            *(replica, barrier, outbox, Topics()),
            CustomerMetrics(self.registry, lambda: self.desk.shelves.values()),
            *(self.standings, self.dispositions, "w", lambda: self.now),
        )
        self.desk.take(self.shelf)

    def designate(self, listed: Designation | None = VERSOR, offset: int = 5, came_ms: int = 0) -> None:
        moved = self.replica.screener.upsert(listed) if listed else self.replica.screener.remove("ofac:1")
        self.replica.screener.lists = ListState({}, {0: offset + 1})
        self.desk.designation_changed(EntryChange("ofac:1", offset, came_ms, moved))

    async def work(self) -> list[Any]:
        """Until nothing is left to do; what it told meanwhile."""
        before = len(self.outbox.sent)
        async with asyncio.timeout(10):
            while await self.desk.advance():
                pass
        assert self.outbox.delivered_of == len(self.outbox.sent)
        return self.outbox.sent[before:]

    async def alerts(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            (key.decode(), [(change["state"], change["what"]) for change in told["changes"]])
            for topic, key, told in await self.work()
            if topic == "screening.customer-alerts"
        ]

    def proofs(self) -> list[Proof]:
        return [
            proof_from_json(orjson.dumps(told))
            for topic, _, told in self.outbox.sent
            if topic == "screening.customer-proofs"
        ]

    def sample(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"interdict_{name}", labels)


@pytest.fixture
async def service() -> Service:
    made = Service()
    made.designate()
    made.desk.loaded(made.shelf)
    assert await made.alerts() == [("C-1", [("raised", "raised")])]
    return made


async def test_a_book_that_nothing_proves_is_screened_wholly_and_then_proved(service: Service) -> None:
    (proof,) = service.proofs()

    assert (proof.partition, proof.offset, proof.customers, proof.unscreened) == (0, 5, 3, 0)
    assert (proof.sha256, proof.lists.offsets) == (service.shelf.book.sha256, {0: 6})
    assert (proof.policy, proof.matcher, proof.worker) == (Policy().sha256, MATCHER, "w")
    assert (proof.screened_at, proof.wholly_at) == (NOW, NOW)
    assert service.replica.waited_for == [7]
    assert service.outbox.sent[-1][1] == b"0"
    assert service.sample("customers_proved_timestamp_seconds", partition="0") == NOW.timestamp()
    assert service.sample("customers_screened_total", trigger="list", outcome="clear") == 2
    assert service.sample("customer_alerts_total", state="raised") == 1
    assert service.sample("customers_missed_total") == 0  # nothing was proved before
    assert await service.work() == []
    assert len(service.proofs()) == 1


async def test_what_a_first_pass_finds_was_not_missed() -> None:
    made = Service()
    made.replica.screener.upsert(VERSOR)  # nobody reported it: only the pass finds it
    made.desk.loaded(made.shelf)

    assert await made.alerts() == [("C-1", [("raised", "raised")])]
    assert made.sample("customers_missed_total") == 0


async def test_nothing_is_screened_before_the_shelf_is_loaded_or_while_the_list_is_not_complete() -> None:
    service = Service()
    service.designate()
    assert not await service.desk.advance()
    service.desk.loaded(service.shelf)
    service.replica.complete.clear()
    assert not await service.desk.advance()
    assert service.outbox.sent == []


async def test_a_designation_that_changes_concerns_those_it_may_hit_and_those_it_hit(
    service: Service,
) -> None:
    service.designate(Designation("ofac:1", (Name("IGOR PETROV"),)), offset=9)

    assert sorted(await service.alerts()) == [
        ("C-1", [("closed", "no_hit")]),
        ("C-2", [("raised", "raised")]),
    ]
    assert [proof.lists.offsets for proof in service.proofs()] == [{0: 6}, {0: 10}]
    service.designate(None, offset=11)
    assert await service.alerts() == [("C-2", [("superseded", "delisted")])]
    assert not service.standings.of("C-2")


async def test_an_entry_that_was_seen_already_changes_nothing(service: Service) -> None:
    service.desk.designation_changed(EntryChange("ofac:1", 5, 0, frozenset()))
    assert service.shelf.changed == set()
    service.desk.designation_changed(EntryChange("ofac:1", 6, 0, frozenset({"acme:2"})))
    assert service.shelf.changed == {"ofac:1", "acme:2"}


async def test_an_entry_of_a_list_topic_that_was_recreated_changes_though_its_offset_is_lower(
    service: Service,
) -> None:
    service.designate(Designation("ofac:1", (Name("IGOR PETROV"),)), offset=2)
    assert ("C-2", [("raised", "raised")]) in await service.alerts()
    service.shelf.changed.clear()
    service.desk.designation_changed(EntryChange("ofac:1", 2, 0, frozenset()))
    service.desk.designation_changed(EntryChange("ofac:1", -1, 0, frozenset()))
    assert service.shelf.changed == set()
    service.desk.designation_changed(EntryChange("ofac:1", 2, 7, frozenset()))  # another record there
    assert service.shelf.changed == {"ofac:1"}


async def test_a_proof_that_is_gone_from_its_topic_is_written_again(service: Service) -> None:
    (proof,) = service.proofs()
    await service.work()
    assert service.proofs() == [proof]
    service.desk.proof_gone(0)
    service.desk.proof_gone(9)
    await service.work()

    assert service.proofs() == [proof, proof]


@pytest.mark.parametrize(("customers_to", "list_to"), [(6, 6), (5, 7)])
async def test_a_proof_of_a_topic_that_was_recreated_since_proves_nothing(
    service: Service, customers_to: int, list_to: int
) -> None:
    (proof,) = service.proofs()
    again = Service()
    again.designate()
    lists = ListState({}, {0: list_to})
    again.shelf.proof = Proof(**{**vars_of(proof), "offset": customers_to, "lists": lists})
    again.desk.loaded(again.shelf)

    assert again.shelf.pass_began == NOW


async def test_a_proof_of_before_spares_what_it_covers_and_nothing_later(service: Service) -> None:
    service.shelf.proof = proof = service.proofs()[0]
    for policy, matcher, offset, waits in (
        (proof.policy, proof.matcher, 5, set()),
        (proof.policy, proof.matcher, 6, {"ofac:1"}),
        (proof.policy, "0", 5, None),
        ("another", proof.matcher, 5, None),
    ):
        again = Service()
        again.designate(offset=offset)
        again.shelf.changed.clear()
        again.shelf.proof = Proof(**{**vars_of(proof), "policy": policy, "matcher": matcher})
        again.desk.loaded(again.shelf)

        assert again.shelf.loaded
        assert (again.shelf.pass_began == NOW) is (waits is None)
        if waits is not None:
            assert (again.shelf.changed, again.shelf.wholly_at) == (waits, NOW)


def vars_of(proof: Proof) -> dict[str, Any]:
    return {name: getattr(proof, name) for name in proof.__dataclass_fields__}


async def test_each_day_everybody_is_screened_once_more_and_what_was_missed_is_counted(
    service: Service,
) -> None:
    service.now = NOW + timedelta(days=1)
    assert await service.alerts() == []
    assert [proof.wholly_at for proof in service.proofs()] == [NOW, service.now]

    service.replica.screener.upsert(Designation("ofac:2", (Name("ACME TRADING"),)))  # nobody reported it
    service.now += timedelta(days=1)
    assert await service.alerts() == [("C-3", [("raised", "raised")])]
    assert service.sample("customers_missed_total") == 1


async def test_a_disposition_that_comes_or_ends_concerns_its_pair_alone(service: Service) -> None:
    ((fingerprint, _),) = service.standings.of("C-1").pairs()
    listed = service.outbox.sent[0][2]["hits"][0]["designation"]["fingerprint"]
    until = NOW + timedelta(hours=1)
    said = Disposition(fingerprint, "ofac:1", listed, Verdict.FALSE_POSITIVE, "ann", "why", until)
    service.dispositions.put(said, NOW)

    service.desk.disposition_changed(f"another|{said.designation_id}")
    service.desk.disposition_changed(f"{fingerprint}|ofac:2")
    assert service.shelf.count_waiting == 0
    service.desk.disposition_changed(said.key)
    assert await service.alerts() == [("C-1", [("closed", "false_positive")])]
    assert service.sample("customers_screened_total", trigger="disposition", outcome="clear") == 1

    service.now = until
    assert await service.alerts() == [("C-1", [("updated", "reopened")])]


async def test_a_pass_is_made_once_a_day_and_one_under_way_is_not_begun_anew(service: Service) -> None:
    def screened() -> float | None:
        return service.sample("customers_screened_total", trigger="whole", outcome="clear")

    service.now = NOW + timedelta(days=1)
    await service.work()
    assert (before := screened()) == 2
    await service.work()
    assert screened() == before

    service.shelf.begin_pass(service.now, checks=False)
    under_way, service.now = service.now, service.now + timedelta(days=1)
    await service.desk.advance()
    assert (service.shelf.wholly_at, service.shelf.pass_checks) == (under_way, False)


async def test_a_customer_is_told_whose_hits_are_all_suppressed_or_who_could_not_be_screened(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing was told of it before."""
    ((fingerprint, _),) = service.standings.of("C-1").pairs()
    listed = service.outbox.sent[0][2]["hits"][0]["designation"]["fingerprint"]
    until = NOW + timedelta(hours=1)
    said = Disposition(fingerprint, "ofac:1", listed, Verdict.FALSE_POSITIVE, "ann", "why", until)
    service.dispositions.put(said, NOW)
    number = service.shelf.book.put("C-5", orjson.dumps({"name": BOOK["C-1"]}))
    service.shelf.wait(Trigger.CUSTOMER, (number,))
    suppressed = await service.work()

    assert [(key, told["outcome"], len(told["suppressed"])) for _, key, told in suppressed[:1]] == [
        (b"C-5", "clear", 1)
    ]

    def refused(customer: Any, screener: Screener, *more: Any) -> Decision:
        return replace(rule(customer, screener, *more), outcome=Outcome.ERROR, hits=(), error="too large")

    monkeypatch.setattr(module, "rule", refused)
    service.desk.wait_for(Trigger.LIST, "C-2")
    (refusal, *_) = await service.work()
    assert (refusal[1], refusal[2]["outcome"], refusal[2]["error"]) == (b"C-2", "error", "too large")


async def test_a_slice_of_looking_ends_by_its_time(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight designations in it, and the rest in the next one."""
    monkeypatch.setattr(module, "TURNED_COSTS", 0)
    clock = iter(float(each) for each in range(9))
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(module, "SLICE_SECONDS", 1.5)
    service.shelf.changed |= {f"ofac:{number}" for number in range(20)}
    service.desk._find(service.shelf)

    assert len(service.shelf.changed) == 12
    service.desk._find(service.shelf)
    service.desk._find(service.shelf)
    assert service.shelf.changed == set()
    assert next(clock) == 8.0  # where nothing is left, nobody waits for the end of the slice


async def test_a_customer_that_is_gone_has_its_alerts_closed_if_it_had_any(service: Service) -> None:
    event = Origin("customers", 0, 6, 1)
    service.shelf.gone |= {"C-1": event, "C-9": None}
    ((_, key, told),) = [each for each in await service.work() if each[0] == "screening.customer-alerts"]

    assert (key, told["outcome"], told["hits"], told["event"]["offset"]) == (b"C-1", "clear", [], 6)
    assert [(each["state"], each["what"]) for each in told["changes"]] == [("closed", "customer_deleted")]
    assert "customer" not in told and told["trigger"] == "customer"
    assert not service.standings.of("C-1")


async def test_a_customer_that_changed_says_so_and_names_its_record(service: Service) -> None:
    number = service.shelf.book.put("C-1", b'{"name": "Someone Else"}')
    service.shelf.origins[number] = Origin("customers", 0, 6, 1)
    service.shelf.wait(Trigger.CUSTOMER, (number,))
    told = await service.work()

    assert told[0][2]["event"] == {"topic": "customers", "partition": 0, "offset": 6, "timestamp_ms": 1}
    assert [each["what"] for each in told[0][2]["changes"]] == ["customer_changed"]
    assert service.shelf.origins == {}


async def test_a_list_that_was_read_anew_brings_back_those_whose_designation_is_gone(
    service: Service,
) -> None:
    service.replica.screener = Screener(Policy())

    assert await service.alerts() == [("C-1", [("superseded", "delisted")])]


async def test_without_the_proof_that_the_list_is_the_newest_nothing_is_proved(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROOF_SECONDS", 0.05)
    service.barrier.hangs = True
    service.shelf.offset = 6
    await service.desk.advance()
    assert len(service.proofs()) == 1

    service.barrier.hangs = False
    await service.desk.advance()
    assert [proof.offset for proof in service.proofs()] == [5, 6]


@pytest.mark.parametrize("what", ["work", "partition"])
async def test_what_changes_while_the_end_is_asked_for_is_proved_by_nobody(
    service: Service, what: str
) -> None:
    async def reached(offset: int) -> None:
        del offset
        if what == "work":
            service.shelf.changed.add("ofac:1")
        else:
            del service.desk.shelves[0]

    vars(service.replica)["reached"] = reached
    service.shelf.offset = 6
    await service.desk._prove(service.shelf)

    assert len(service.proofs()) == 1


async def test_a_topic_that_was_recreated_proves_nothing_of_the_list_before(service: Service) -> None:
    service.replica.screener.lists = ListState({}, {0: 500})
    service.shelf.offset = 6
    await service.desk._prove(service.shelf)

    assert len(service.proofs()) == 1


async def test_a_change_is_effective_when_the_last_alert_of_it_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLICE_SECONDS", -1.0)  # a customer a slice
    service.designate(Designation("ofac:1", (Name("IGOR PETROV"),)), offset=9, came_ms=1)
    assert service.sample("customer_effective_seconds_count") == 0
    slices = 0
    while await service.desk.advance():
        assert service.sample("customer_effective_seconds_count") == 0
        slices += 1
    assert slices == 2
    assert service.sample("customer_effective_seconds_count") == 1
    assert (service.sample("customer_effective_seconds_sum") or 0) > 1e9
    await service.desk.advance()
    assert service.sample("customer_effective_seconds_count") == 1


@pytest.mark.parametrize(
    ("book", "one_more_for", "changed", "all_wait"),
    [(41, 25_000, 10, False), (40, 25_000, 10, True), (40, 20, 6, False), (40, 20, 7, True)],
)
async def test_where_too_much_changed_everybody_is_screened(
    book: int, one_more_for: int, changed: int, all_wait: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking for one designation's customers takes as long as ruling four, and more in a larger book."""
    monkeypatch.setattr(module, "ONE_MORE_FOR", one_more_for)
    service = Service()
    for number in range(book - len(BOOK)):
        service.shelf.book.put(f"D-{number}", orjson.dumps({"name": f"Customer {number}"}))
    service.shelf.changed |= {f"ofac:{number}" for number in range(changed)}
    service.desk._find(service.shelf)

    assert service.shelf.count_waiting == (book if all_wait else 0)
    assert service.shelf.changed == set()


def test_days_are_those_of_utc() -> None:
    late = datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC)

    assert not _is_another_day(NOW, late)
    assert _is_another_day(late, late + timedelta(seconds=1))
    assert not _is_another_day(NOW, NOW.astimezone())
    assert _is_another_day(NEVER, NOW)
    assert not _is_another_day(NEVER, NEVER)


async def test_the_status_says_how_far_each_partition_is(service: Service) -> None:
    service.shelf.wait(Trigger.LIST, (1,))

    assert service.desk.status() == {
        "0": {
            "customers": 3,
            "offset": 5,
            "loaded": True,
            "waiting": 1,
            "screened_at": NOW.isoformat(),
            "wholly_at": NOW.isoformat(),
        }
    }
    assert (service.sample("customers"), service.sample("customers_waiting")) == (3, 1)
    service.shelf.proof = None
    (told,) = service.desk.status().values()
    assert isinstance(told, dict)
    assert (told["screened_at"], told["wholly_at"]) == (None, None)


async def test_a_customer_that_cannot_be_read_is_counted_as_unscreened(service: Service) -> None:
    with pytest.raises(PaymentError):
        service.shelf.book.put("C-4", b"{")
    service.shelf.offset = 6

    assert await service.alerts() == []
    assert [proof.unscreened for proof in service.proofs()] == [0, 1]
    assert service.sample("customers_unscreened", partition="0") == 1


async def test_a_change_that_the_broker_took_later_than_our_clock_says_took_no_time(service: Service) -> None:
    later = round(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000)
    service.designate(VERSOR, offset=9, came_ms=later)
    await service.work()

    assert service.sample("customer_effective_seconds_count") == 1
    assert service.sample("customer_effective_seconds_sum") == 0


async def test_whom_a_changed_designation_hit_is_looked_at_though_it_may_hit_nobody_now(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TURNED_COSTS", 0)
    monkeypatch.setattr(Book, "candidates", lambda *_: ())
    waited: list[Any] = []
    monkeypatch.setattr(Shelf, "wait_for", lambda _, *given: waited.append(given))
    service.shelf.changed.add("ofac:1")
    service.desk._find(service.shelf)

    assert waited == [(Trigger.LIST, frozenset({"C-1"}))]
