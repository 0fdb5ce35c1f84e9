"""Taking a list out of force on purpose: what it delists, what it says, and what it refuses."""

from collections.abc import Iterator

import orjson
import pytest

from screening import Designation, ListError, Name
from screening.ledger import MarkerType
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import Record, TopicLog
from streams.lists.publishing import publish
from streams.lists.status import read_topic
from streams.lists.withdrawing import Withdrawn, withdraw
from streams.records.designations import PUBLICATION, marker_key
from tests.streams.list_topic import ListTopic, designation

TOPIC = "designations"


@pytest.fixture
def broker() -> Iterator[str]:
    with EmbeddedBroker({TOPIC: 1}) as embedded:
        yield embedded.bootstrap


def records(broker: str) -> list[Record]:
    with TopicLog({"bootstrap.servers": broker}, TOPIC) as log:
        return [*log.read_all(log.spans())]


async def withdrawn(broker: str, list_name: str = "ofac", reason: str = "why", **more: bool) -> Withdrawn:
    client = {"bootstrap_servers": broker}
    return await withdraw(client, list_name=list_name, topic=TOPIC, reason=reason, by="ann", **more)


async def published(broker: str) -> tuple[str, str, int]:
    """Two entries of ofac: their version, hash, and how many records that took."""
    both = [designation("1", "A"), designation("2", "B")]
    done = await publish({"bootstrap_servers": broker}, both, list_name="ofac", topic=TOPIC)
    return done.version, done.sha256, len(records(broker))


async def test_a_withdrawal_delists_every_entry_and_says_what_was_in_force_and_why(broker: str) -> None:
    version, sha256, before = await published(broker)
    done = await withdrawn(broker)
    begin, first, second, marker, registry = records(broker)[before:]

    assert done == Withdrawn("ofac", version, 2, "why", ())
    assert begin.key == marker_key("ofac", MarkerType.BEGIN).encode()
    told = orjson.loads(begin.value or b"")
    assert (told["count"], told["sha256"]) == (0, "0" * 64)
    assert {(first.key, first.value), (second.key, second.value)} == {(b"ofac:1", None), (b"ofac:2", None)}
    told = orjson.loads(marker.value or b"")
    assert (told["marker"], told["version"], told["count"], told["sha256"]) == (
        "withdrawal",
        version,
        2,
        sha256,
    )
    assert (told["reason"], told["by"]) == ("why", "ann")
    assert orjson.loads(registry.value or b"")["lists"] == []
    assert {told["run"].encode()} == {each.headers[PUBLICATION] for each in (begin, first, second, marker)}

    there = read_topic({"bootstrap.servers": broker}, TOPIC)
    assert (there.lists, there.forgotten, dict(there.withdrawn), there.problems) == (
        {},
        (),
        {"ofac": "why"},
        [],
    )


async def test_the_other_lists_stay_required(broker: str) -> None:
    await published(broker)
    other = [Designation("un:1", (Name("A"),))]
    await publish({"bootstrap_servers": broker}, other, list_name="un", topic=TOPIC)

    assert (await withdrawn(broker)).left == ("un",)
    there = read_topic({"bootstrap.servers": broker}, TOPIC, ("eu",))
    assert (set(there.lists), there.forgotten) == ({"un"}, ("eu",))


async def test_a_list_that_is_not_in_force_is_withdrawn_only_as_forgotten(broker: str) -> None:
    await published(broker)
    with pytest.raises(ListError, match=r"list un is not in force; in force are: ofac.*--forgotten"):
        await withdrawn(broker, "un")

    assert await withdrawn(broker, "un", forgotten=True) == Withdrawn("un", "", 0, "why", ("ofac",))
    assert orjson.loads(records(broker)[-2].value or b"")["sha256"] == "0" * 64


@pytest.mark.parametrize("reason", ["", "  "])
async def test_a_withdrawal_without_a_reason_is_refused(broker: str, reason: str) -> None:
    with pytest.raises(ListError, match="needs a reason"):
        await withdrawn(broker, reason=reason)


async def test_a_marker_of_no_list_that_cannot_be_read_is_withdrawn(broker: str) -> None:
    await published(broker)
    async with ListTopic(broker, TOPIC) as somebody:
        await somebody.raw("un:@commit", b"{")

    await withdrawn(broker, "un")

    now = read_topic({"bootstrap.servers": broker}, TOPIC)
    assert (now.problems, [*now.lists]) == ([], ["ofac"])
