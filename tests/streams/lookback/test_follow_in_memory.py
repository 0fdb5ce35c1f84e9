"""What a follower copies, applies and looks back upon, in which order, and how far it notes; in memory."""

import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from screening import Designation, Name, Policy
from screening.cases.dispositions import SuppressionRules
from streams.kafka.log import Record, Span
from streams.kafka.same_topics import SameTopics
from streams.kafka.topics import Topics
from streams.lists.log import IncompleteListError
from streams.lookback import follow
from streams.lookback.follow import Follower
from tests.streams.lists.written import written
from tests.streams.topics_in_memory import LogInMemory, TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}
TOPICS = Topics("t-")
NOW = time.time()
FIRST = Designation("acme:1", (Name("Versor s.r.o."),))
SECOND = Designation("acme:2", (Name("Blue Harbour"),))
GROWN = Designation("acme:1", (Name("Versor s.r.o."), Name("Versor Trading")))
SHRUNK = Designation("acme:1", (Name("Versor Trading"),))


class Following:
    """A follower with its topics in memory, and what it did, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.topics, self.did = TopicsInMemory(), list[Any]()
        self.topics.stand_in(monkeypatch)
        self.records: list[Record] = []
        did, given, held = self.did, (CLIENT, TOPICS), self
        self.copied_to: int | None = None

        class Historian:
            def __init__(self, *known: Any) -> None:
                assert known == given

            def goes_on_at(self, span: Span) -> int:
                return span.end if held.copied_to is None else held.copied_to

            def copy(self, record: Record) -> None:
                did.append(("copy", record.offset))

            def delivered(self) -> None:
                did.append("copied")

        class Closing:
            def __init__(self, *known: Any, **more: Any) -> None:
                assert known == (*given, "g")
                assert more == {"window_seconds": 3600.0, "rules": SuppressionRules(True), "key": b"secret"}

            def __enter__(self) -> "Closing":
                return self

            def __exit__(self, *error: object) -> None:
                did.append("closing closed")

            def look(self) -> None:
                did.append("look")

        class Updates:
            def __init__(self, client: Any, topics: Any, since: float, key: bytes) -> None:
                assert (client, topics, key) == (*given, b"secret")
                assert since == pytest.approx(time.time() - 3600, abs=60)

            def send(self, touched: set[str], screener: Any) -> int:
                did.append(("update", sorted(touched), screener.lists.offsets[0]))
                return len(touched)

        class Run:
            def __init__(self, client: Any, topics: Any, listed: Any, changed: set[str], **more: Any) -> None:
                assert (client, topics, [*listed.written]) == (*given, sorted(listed.written))
                assert more.pop("since") == pytest.approx(time.time() - 3600, abs=60)
                assert (more.pop("group"), more.pop("key"), more.pop("read")) == ("g", b"secret", "reader")
                assert more == {"rules": SuppressionRules(True), "progress": "progress"}
                self.told = ("look back", sorted(changed))

            def run(self) -> Any:
                return self.told

        for name, stand_in in (
            *(("Historian", Historian), ("AlertClosing", Closing)),
            *(("AlertUpdates", Updates), ("LookbackRun", Run)),
        ):
            monkeypatch.setattr(follow, name, stand_in)

    def publish(self, *records: Record) -> None:
        """They stand on the topic."""
        for record in records:
            self.topics.put(
                TOPICS.designations, record.key.decode(), record.value, NOW, [*record.headers.items()]
            )

    def run(self, stop: Callable[[], bool] = lambda: False) -> None:
        more: Any = {"progress": "progress", "read": "reader"}
        rules = SuppressionRules(four_eyes=True)
        Follower(
            CLIENT,
            TOPICS,
            Policy(),
            window_seconds=3600.0,
            group="g",
            rules=rules,
            key=b"secret",
            done=self.did.append,
            **more,
        ).run(stop)

    @property
    def noted(self) -> dict[int, tuple[int, str]]:
        return self.topics.noted["g.lookback", TOPICS.designations]

    def acted(self) -> list[Any]:
        """What it did but for copies."""
        return [each for each in self.did if each[:1] != ("copy",)]


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> Following:
    return Following(monkeypatch)


def test_the_first_start_looks_back_upon_nothing_that_is_listed_already(following: Following) -> None:
    following.publish(*written([], [FIRST, SECOND]))
    following.run()

    assert following.did == [*(("copy", at) for at in range(4)), "copied", "copied", "look", "closing closed"]
    assert following.noted == {0: (4, "")}


def test_where_the_group_s_place_was_lost_it_goes_on_behind_the_last_copy(following: Following) -> None:
    """Offsets go past their time after a week: it began with the list as it was, and nobody looked back for
    what had been designated meanwhile."""
    following.publish(*written([], [FIRST]), *written([FIRST], [FIRST, SECOND]))
    following.copied_to = 3
    following.run()

    assert ("look back", ["acme:2"]) in following.did
    assert following.noted == {0: (6, "")}


def test_of_a_topic_that_was_recreated_all_is_looked_back_for(following: Following) -> None:
    following.publish(*written([], [FIRST, SECOND]))
    following.topics.noted["g.lookback", TOPICS.designations] = {0: (5, "")}
    following.run()

    assert ("look back", ["acme:1", "acme:2"]) in following.did
    assert following.noted == {0: (4, "")}


def test_a_topic_that_is_recreated_meanwhile_is_read_by_the_next_start(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    following.publish(*written([], [FIRST]))
    (again, *_) = following.topics.records[TOPICS.designations]
    monkeypatch.setattr(LogInMemory, "follow", lambda *_: iter([again]))

    with pytest.raises(IncompleteListError, match="recreated; start again"):
        following.run()


def test_one_that_is_longer_by_then_is_told_by_its_id_before_anything_of_it_is_taken(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lookback that stood still meanwhile went on at its old offset: what the new list had below that was
    looked back for by nobody."""
    following.publish(*written([], [FIRST]))
    (*_, newest) = following.topics.records[TOPICS.designations]
    coming = [newest._replace(offset=newest.offset + 1)]
    monkeypatch.setattr(LogInMemory, "follow", lambda *_: iter(coming))
    monkeypatch.setattr(SameTopics, "recreated", lambda _: [TOPICS.designations])

    with pytest.raises(IncompleteListError, match="recreated; start again"):
        following.run()
    assert ("copy", newest.offset + 1) not in following.did
    assert following.noted == {0: (0, "")}


def test_what_came_while_it_was_down_is_looked_back_upon_and_then_noted(following: Following) -> None:
    following.publish(*written([], [FIRST]), *written([FIRST], [FIRST, SECOND]))
    following.topics.noted["g.lookback", TOPICS.designations] = {0: (3, "")}
    following.run()

    assert following.acted() == [
        *("copied", "copied", ("update", ["acme:2"], 6), ("look back", ["acme:2"])),
        *("look", "closing closed"),
    ]
    assert following.noted == {0: (6, "")}


@pytest.mark.parametrize(
    ("after", "touched", "looked_back"),
    [
        ([GROWN], ["acme:1"], ["acme:1"]),
        ([SHRUNK], ["acme:1"], ["acme:1"]),  # another name may hit what the first did not
        ([], ["acme:1"], None),
        ([SECOND], ["acme:1", "acme:2"], ["acme:2"]),
    ],
)
def test_each_change_updates_alerts_and_what_may_hit_more_is_looked_back_upon(
    following: Following,
    caplog: pytest.LogCaptureFixture,
    after: list[Designation],
    touched: list[str],
    looked_back: list[str] | None,
) -> None:
    caplog.set_level(logging.INFO)
    following.publish(*written([], [FIRST]), *written([FIRST], after))
    following.topics.noted["g.lookback", TOPICS.designations] = {0: (3, "")}
    following.run()

    assert caplog.messages == [f"{len(touched)} alerts updated: their designation was amended or delisted"]
    expected: list[Any] = [("update", touched, len(following.topics.records[TOPICS.designations]))]
    expected += [("look back", looked_back)] if looked_back else []
    assert [each for each in following.acted() if isinstance(each, tuple)] == expected


def test_what_grew_and_was_delisted_in_one_go_is_not_looked_back_upon(following: Following) -> None:
    records = [*written([], [FIRST]), *written([FIRST], [GROWN]), *written([GROWN], [])]
    following.publish(*records)
    following.topics.noted["g.lookback", TOPICS.designations] = {0: (3, "")}
    following.run()

    assert [each for each in following.acted() if isinstance(each, tuple)] == [("update", ["acme:1"], 9)]


def test_no_lookback_while_the_list_is_incomplete_which_is_named_once(
    following: Following, caplog: pytest.LogCaptureFixture
) -> None:
    begin, _, second, commit = written([], [FIRST, SECOND])
    following.publish(begin, second, commit)
    following.topics.noted["g.lookback", TOPICS.designations] = {0: (0, "")}
    with caplog.at_level(logging.INFO):
        following.run()

    assert following.acted() == ["copied", "copied", "look", "closing closed"]
    assert following.noted == {0: (0, "")}
    (told,) = caplog.messages
    assert told.startswith("no lookback while the list is incomplete: list acme ")


def test_it_ends_after_a_look_when_it_is_told_to(following: Following) -> None:
    following.publish(*written([], [FIRST]))
    following.topics.coming[TOPICS.designations] = [("acme:@begin", b"", NOW)]
    following.run(lambda: True)

    assert following.acted() == ["copied", "copied", "look", "closing closed"]
    assert ("copy", 3) not in following.did


def test_it_follows_for_as_long_as_records_come(following: Following) -> None:
    following.publish(*written([], [FIRST]))
    later = written([FIRST], [FIRST, SECOND])
    coming = [(each.key.decode(), each.value or b"", NOW) for each in later]
    following.topics.coming[TOPICS.designations] = coming
    following.run()

    assert [each for each in following.did if each[:1] == ("copy",)] == [("copy", at) for at in range(6)]
