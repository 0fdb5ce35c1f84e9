"""One publication on its way: what is awaited before what, and what becomes of it when it is refused."""

import asyncio
import gc
from typing import Any, NamedTuple

import orjson
import pytest
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError

from screening.ledger import MarkerType
from streams.lists.claimed_log import LOST, ClaimedLog, PublicationConflictError, Sending


class Sent(NamedTuple):
    offset: int


class Producer:
    """Acknowledges a record when it is awaited, or refuses the record of this number then."""

    def __init__(
        self, refuses: int = -1, error: Exception | None = None, commit: Exception | None = None
    ) -> None:
        self.log: list[str] = []
        self.records: list[tuple[str, bytes | None, dict[str, bytes], int]] = []
        self._refuses, self._error, self._commit = refuses, error, commit

    async def begin_transaction(self) -> None:
        self.log.append("begin")

    async def commit_transaction(self) -> None:
        self.log.append("commit")
        if self._commit:
            raise self._commit

    async def abort_transaction(self) -> None:
        self.log.append("abort")

    async def send(self, topic: str, value: bytes | None, *, key: bytes, headers: Any, partition: int) -> Any:
        assert topic == "designations"
        number = len(self.records)
        self.records.append((key.decode(), value, dict(headers), partition))
        self.log.append(f"sent {number}")

        async def acknowledged() -> Sent:
            self.log.append(f"acknowledged {number}")
            if number == self._refuses and self._error:
                raise self._error
            return Sent(100 + number)

        return asyncio.ensure_future(acknowledged())


def sending(producer: Producer, *, transactional: bool = True) -> Sending:
    made: Any = producer
    return Sending(made, "designations", "run-1", transactional=transactional)


MARKER: Any = {"list": "ofac", "version": "v1", "count": 0, "sha256": ""}


async def test_a_publication_is_committed_when_every_record_of_it_is_acknowledged() -> None:
    producer = Producer()
    async with sending(producer) as one:
        await one.mark(MarkerType.BEGIN, MARKER)
        await one.send("ofac:1", b"{}")
        await one.send("ofac:2", None)
        await one.register(["un", "ofac"])

    assert producer.log[:3] == ["begin", "sent 0", "acknowledged 0"]
    assert producer.log[-1] == "commit"
    assert {f"acknowledged {each}" for each in range(4)} <= {*producer.log}
    assert (one.lost, one.last) == (False, 103)
    keys = [(key, partition) for key, _, _, partition in producer.records]
    assert keys == [("ofac:@begin", 0), ("ofac:1", 0), ("ofac:2", 0), ("@lists", 0)]
    assert {headers["interdict.publication"] for _, _, headers, _ in producer.records} == {b"run-1"}
    assert orjson.loads(producer.records[3][1] or b"") == {"marker": "lists", "lists": ["ofac", "un"]}
    told = orjson.loads(producer.records[0][1] or b"")
    assert told.pop("published_at") and told == {"marker": "begin", **MARKER}


async def test_what_was_sent_before_a_marker_is_acknowledged_before_it_is_sent() -> None:
    producer = Producer()
    async with sending(producer) as one:
        await one.send("ofac:1", b"{}")
        await one.mark(MarkerType.COMMIT, MARKER)
        await one.send("ofac:2", b"{}")

    assert producer.log.index("acknowledged 0") < producer.log.index("sent 1")
    assert producer.log.index("acknowledged 1") < producer.log.index("sent 2")


async def test_five_hundred_records_are_on_their_way_at_once_and_no_more() -> None:
    producer = Producer()
    async with sending(producer) as one:
        for number in range(499):
            await one.send(f"ofac:{number}", b"{}")
        assert len(one._waiting) == 499
        await one.send("ofac:499", b"{}")
        assert (len(one._waiting), one.last) == (0, 599)


@pytest.mark.parametrize("error", LOST)
async def test_whoever_loses_the_claim_is_told_so_and_aborts_nothing(error: type[Exception]) -> None:
    for producer in (Producer(0, error()), Producer(commit=error())):
        async with sending(producer) as one:
            await one.send("ofac:1", b"{}")
        assert one.lost
        assert "abort" not in producer.log

    producer = Producer()
    async with sending(producer) as one:
        raise error
    assert one.lost and "abort" not in producer.log


async def test_another_failure_aborts_the_publication_and_is_raised() -> None:
    producer = Producer(0, KafkaConnectionError())
    with pytest.raises(KafkaConnectionError):
        async with sending(producer) as one:
            await one.send("ofac:1", b"{}")
    producer = Producer()
    with pytest.raises(KeyError):
        async with sending(producer) as one:
            raise KeyError
    assert producer.log[-1] == "abort"
    assert not one.lost


async def test_on_the_embedded_broker_there_is_no_transaction() -> None:
    producer = Producer()
    async with sending(producer, transactional=False) as one:
        await one.send("ofac:1", b"{}")
    assert producer.log == ["sent 0", "acknowledged 0"]

    producer = Producer()
    with pytest.raises(KeyError):
        async with sending(producer, transactional=False):
            raise KeyError
    assert producer.log == []


class Waits(ClaimedLog):
    """Sees a transaction of somebody else's whose last record is of the time that a function says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, last: Any) -> None:
        self.list_name, self.now, self._last = "ofac", 0.0, last
        module = "streams.lists.claimed_log"
        monkeypatch.setattr(f"{module}.time.monotonic", lambda: self.now)
        monkeypatch.setattr(f"{module}.time.time", lambda: 1_000.0 + self.now)
        monkeypatch.setattr(f"{module}.asyncio.sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds

    async def _open_since(self) -> float:
        return float(self._last(self.now))


@pytest.mark.parametrize(
    ("said_at", "moves", "ends", "waits"),
    [
        (0.0, False, 0.0, 0.0),  # nobody sends
        (1_000.0, False, 99.0, 10.2),  # fell silent when we came
        (995.0, False, 99.0, 5.2),
        (985.0, False, 99.0, 0.2),
        (2_000.0, False, 99.0, 10.4),  # by a clock ahead of ours
        (1_000.0, True, 7.0, 7.0),  # comes to its end
    ],
)
async def test_a_publisher_that_fell_silent_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, said_at: float, moves: bool, ends: float, waits: float
) -> None:
    log = Waits(monkeypatch, lambda now: said_at + moves * now if now < ends else 0.0)
    await log._wait_for_others()

    assert log.now == pytest.approx(waits, abs=0.21)


async def test_one_that_sends_for_a_minute_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Waits(monkeypatch, lambda now: 1_000.0 + now)
    with pytest.raises(
        PublicationConflictError, match="list ofac: another publication has been sending for 60 s"
    ):
        await log._wait_for_others()
    assert 60 < log.now < 60.5


class Unseen(Waits):
    """Commits what no leader shows: the topic ends before it for every reader."""

    async def _end(self, give_up_at: float) -> int:
        assert give_up_at == 15.0
        return 7

    async def _read_to(self, end: int) -> None:
        assert end == 8


async def test_a_publication_that_nobody_sees_is_told_after_a_quarter_of_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = Unseen(monkeypatch, lambda _: 0.0)
    log._topic = "designations"
    with pytest.raises(PublicationConflictError, match="could not be seen within 15 s"):
        await log.refresh_past(7)
    assert 15 < log.now < 15.1


async def test_of_many_records_that_are_too_large_the_first_is_said_with_its_topic_and_no_other() -> None:
    """`publish` printed two lines for each of the others, and the one with the cause was lost among them."""
    said = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))

    class Refusing(Producer):
        async def send(self, topic: str, *_: Any, **more: Any) -> Any:  # noqa: ARG002
            await super().send(topic, None, key=b"", headers=(), partition=0)
            refused = asyncio.get_running_loop().create_future()
            refused.set_exception(MessageSizeTooLargeError())
            return refused

    with pytest.raises(MessageSizeTooLargeError, match="designations does not take a record"):
        async with sending(Refusing()) as one:
            for number in range(5):
                await one.send(f"ofac:{number}", b"{}")
    del one
    gc.collect()
    await asyncio.sleep(0)

    assert said == []
