"""How often a publication is tried, what ends it, and what it says then; each way by itself, in memory."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from screening import Designation, Name
from streams.lists import publishing
from streams.lists.claimed_log import ClaimedLog, PublicationConflictError
from streams.lists.publishing import ATTEMPTS, Published, publish

LISTED = [Designation("acme:1", (Name("Versor"),))]
NEW = Published("acme", "v2", 1, "s", added=1, committed=True)
SAME = Published("acme", "v2", 1, "s")


@dataclass
class Way:
    """What the broker does, in order, and what was done."""

    claims: list[bool] = field(default_factory=lambda: [True])
    compared: list[Published] = field(default_factory=lambda: [NEW])
    lost: list[bool] = field(default_factory=lambda: [False])
    seen_after_claim: list[str] = field(default_factory=lambda: ["a"])
    seen_after_loss: list[str] = field(default_factory=list)
    stands: list[bool] = field(default_factory=list)
    did: list[Any] = field(default_factory=list)
    seen: str = "a"

    async def __aenter__(self) -> "Way":
        return self

    async def __aexit__(self, *error: object) -> None:
        self.did.append("closed")

    async def refresh(self) -> None:
        self.did.append("refresh")
        if "send" in self.did and self.seen_after_loss:
            self.seen = self.seen_after_loss.pop(0)

    async def claim(self) -> bool:
        self.did.append("claim")
        self.seen = self.seen_after_claim.pop(0) if self.seen_after_claim else self.seen
        return self.claims.pop(0)

    async def send(self, log: object, *_: object) -> Any:
        assert log is self
        self.did.append("send")
        return SimpleNamespace(lost=self.lost.pop(0), last=40 + self.did.count("send"))

    async def prove(self, log: object, _: object, last: int) -> None:
        assert log is self
        self.did.append(("prove", last))

    async def sleep(self, seconds: float) -> None:
        self.did.append(("sleep", seconds))


async def published(monkeypatch: pytest.MonkeyPatch, way: Way, **more: Any) -> Published:
    def log(client: Any, topic: str, list_name: str) -> Way:
        assert (client, topic, list_name) == ({"bootstrap_servers": "b:1"}, "designations", "acme")
        return way

    monkeypatch.setattr(publishing, "ClaimedLog", log)
    monkeypatch.setattr(publishing, "_compared", lambda *_: way.compared.pop(0))
    monkeypatch.setattr(publishing, "_send", way.send)
    monkeypatch.setattr(publishing, "_prove", way.prove)
    monkeypatch.setattr(publishing, "_stands", lambda *_: way.stands.pop(0))
    monkeypatch.setattr(publishing, "asyncio", SimpleNamespace(sleep=way.sleep))
    monkeypatch.setattr(publishing, "random", SimpleNamespace(uniform=lambda least, most: (least, most)))
    client = {"bootstrap_servers": "b:1"}
    return await publish(client, LISTED, list_name="acme", topic="designations", **more)


@pytest.mark.parametrize(
    ("way", "more", "outcome", "did"),
    [
        (Way(), {}, NEW, ["refresh", "claim", "send", ("prove", 41)]),
        (Way(compared=[SAME]), {}, SAME, ["refresh"]),  # it is there already
        (Way(), {"dry_run": True}, NEW, ["refresh"]),
        # somebody else published the same between our look and our claim
        (Way(seen_after_claim=["b"], compared=[NEW, SAME]), {}, SAME, ["refresh", "claim"]),
        (
            Way(
                seen_after_claim=["b"],
                compared=[SAME.__class__("acme", "v2", 1, "s", 9, committed=True), NEW],
            ),
            {},
            NEW,
            ["refresh", "claim", "send", ("prove", 41)],
        ),
        # the claim was lost and the commit was done, or somebody published the same file
        (
            Way(lost=[True], stands=[True]),
            {},
            NEW,
            ["refresh", "claim", "send", "refresh", ("prove", 41)],
        ),
        # the claim was lost to another list: again, after a while
        (
            Way(claims=[True, True], lost=[True, False], stands=[False], seen_after_claim=["a", "a"]),
            {},
            NEW,
            [
                *("refresh", "claim", "send", "refresh"),
                *(("sleep", (0.0, publishing.SPREAD_SECONDS)), "claim", "send", ("prove", 42)),
            ],
        ),
        # a commit that seemed lost was done: the next claim ended what was under way
        (
            Way(
                claims=[True, True],
                lost=[True],
                stands=[False],
                seen_after_claim=["a", "b"],
                compared=[NEW, SAME],
            ),
            {},
            NEW,
            [
                *("refresh", "claim", "send", "refresh"),
                *(("sleep", (0.0, publishing.SPREAD_SECONDS)), "claim", ("prove", 41)),
            ],
        ),
    ],
)
async def test_each_way_through_a_publication(
    monkeypatch: pytest.MonkeyPatch, way: Way, more: dict[str, Any], outcome: Published, did: list[Any]
) -> None:
    assert await published(monkeypatch, way, **more) == outcome
    assert way.did == [*did, "closed"]


async def test_another_file_that_came_in_force_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    way = Way(lost=[True], stands=[False], seen_after_loss=["b"])

    with pytest.raises(PublicationConflictError, match="list acme: another publication took over and its"):
        await published(monkeypatch, way)
    assert way.did == ["refresh", "claim", "send", "refresh", "closed"]


async def test_a_claim_that_is_never_won_is_given_up_after_longer_and_longer_pauses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = Way(claims=[False] * ATTEMPTS)

    with pytest.raises(PublicationConflictError, match=f"list acme: {ATTEMPTS} times another publication"):
        await published(monkeypatch, way)
    assert [each[1][1] for each in way.did if each[0] == "sleep"] == [
        publishing.SPREAD_SECONDS * 2**number for number in range(ATTEMPTS - 1)
    ]


class Consumer:
    """Comes to these positions, one a look, by a clock that each look moves on."""

    def __init__(self, *positions: int) -> None:
        self.positions, self.now, self.at = list(positions), 0.0, 0

    async def position(self, partition: object) -> int:
        del partition
        return self.at

    async def getmany(self, **_: int) -> dict[str, list[str]]:
        self.now += 1.0
        before, self.at = self.at, self.positions.pop(0) if self.positions else self.at
        return {"p": [f"r{offset}" for offset in range(before, self.at)]} if self.at > before else {}


async def read_to(
    monkeypatch: pytest.MonkeyPatch, end: int, *positions: int
) -> tuple[list[str], list[float]]:
    """What was applied, and when another broker was asked."""
    log: Any = object.__new__(ClaimedLog)
    consumer, applied, anew = Consumer(*positions), list[str](), list[float]()
    log._consumer, log._partition, log._topic, log._apply = consumer, "p", "designations", applied.append
    monkeypatch.setattr(
        "streams.lists.claimed_log.time", SimpleNamespace(monotonic=lambda: consumer.now, time=lambda: 0.0)
    )

    async def another(position: int) -> None:
        assert position == consumer.at
        anew.append(consumer.now)

    log._read_from_another_broker = another
    await log._read_to(end)
    return applied, anew


async def test_records_are_read_to_the_proved_end_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await read_to(monkeypatch, 3, 1, 3, 5) == (["r0", "r1", "r2"], [])
    assert await read_to(monkeypatch, 0, 1) == ([], [])


async def test_a_broker_that_sends_nothing_is_left_for_another_every_few_seconds_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (await read_to(monkeypatch, 2, *[0] * 7, 2))[1] == [3.0, 6.0]
    assert (await read_to(monkeypatch, 2, 1, 1, 1, 1, 2))[1] == [4.0]
    with pytest.raises(Exception, match="designations: read up to 1 of 2, and no broker sends more"):
        await read_to(monkeypatch, 2, 1)
