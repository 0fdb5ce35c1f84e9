"""What an audit of the topics reads and in which order, and what other commands make of all they read."""

from collections.abc import Sized
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from config.settings import load_settings
from screening.cases.caseload import Caseload
from screening.cases.dispositions import Verdict
from screening.policy.file import PolicyError
from screening.policy.rules import Policy
from streams.commands import audit
from streams.commands.dispositions import _figures
from streams.offline.policies import load_policies
from tests.streams.topics_in_memory import TopicsInMemory

SETTINGS = load_settings(broker="b:1", topic_prefix="t-")
NAMES = ["screening.audit", "screening.decisions", "screening.alerts"]
CUSTOMERS = ["screening.customer-alerts", "screening.customer-proofs"]


class Auditor:
    """What it was given, in order; `gaps` have no decision."""

    def __init__(self, *gaps: str) -> None:
        self.gaps, self.records, self.did = gaps, 9_999, list[Any]()

    def begins(self, topic: str, partition: int, first: int) -> None:
        self.did.append((topic.removeprefix("t-"), partition, first))

    def take(self, entry: Any) -> None:
        self.records += 1
        self.did.append(entry)

    def undecided(self) -> list[str]:
        return [*self.gaps]

    def decisions_kept_since(self) -> float | None:
        return None

    def also_decided(self, entry: Any) -> None:
        self.did.append(("late", entry))


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> TopicsInMemory:
    made = TopicsInMemory()
    made.stand_in(monkeypatch)
    for name in NAMES:
        made.put(f"t-{name}", "", b"x", 500.0)
    monkeypatch.setattr(audit, "entries_of", lambda log, spans: [(log.topic[2:], *map(len, spans))])
    return made


def verified(
    monkeypatch: pytest.MonkeyPatch, auditor: Auditor, *no_payment: str, customers: bool = False
) -> tuple[set[Any], list[Any]]:
    """What has no payment, and what else was done, in order."""
    more = list[Any]()

    def markers(_: object, gaps: Sized) -> tuple[str, ...]:
        more.append(len(gaps))
        return no_payment

    monkeypatch.setattr(audit, "markers", markers)
    clock = SimpleNamespace(time=lambda: 700.0, sleep=lambda seconds: more.append(("slept", seconds)))
    monkeypatch.setattr(audit, "time", clock)
    monkeypatch.setattr(audit, "_progress", lambda _: lambda seen: more.append(("told", seen.records)))
    given: Any = auditor
    found, gaps = audit._verify(SETTINGS, given, customers)
    assert found is given
    return gaps, more


@pytest.mark.parametrize("customers", [False, True])
@pytest.mark.usefixtures("topics")
def test_checkpoints_are_read_first_and_alerts_after_the_decisions_that_name_them(
    monkeypatch: pytest.MonkeyPatch, customers: bool
) -> None:
    auditor = Auditor()
    gaps, more = verified(monkeypatch, auditor, customers=customers)

    read = [name for name, _, *_ in auditor.did[::2]]
    assert read == NAMES + CUSTOMERS * customers
    assert auditor.did[0] == ("screening.audit", 0, 0)
    assert auditor.did[1] == ("screening.audit", 1)
    assert (gaps, more) == (set(), [("told", 10_000)])


@pytest.mark.usefixtures("topics")
def test_what_was_under_way_is_looked_at_again_where_more_lacks_than_has_no_payment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    auditor = Auditor("a", "b")
    gaps, more = verified(monkeypatch, auditor, "a")
    assert (gaps, more[1:]) == ({"a"}, [2, ("slept", 2.0)])
    assert auditor.did[-1] == ("late", ("screening.decisions", 0))  # only of the last two minutes: none

    auditor = Auditor("a", "b")
    gaps, more = verified(monkeypatch, auditor, "a", "b")
    assert (gaps, more[1:]) == ({"a", "b"}, [2])
    assert auditor.did[-1][0] != "late"


@pytest.mark.parametrize(
    ("load", "figures"),
    [
        (Caseload(), (0, 0, 0, None, None, 0, None)),
        (
            Caseload(
                5,
                2,
                [timedelta(hours=3), timedelta(minutes=90)],
                [timedelta(minutes=20)],
                {"a": Verdict.TRUE_POSITIVE, "b": Verdict.FALSE_POSITIVE, "c": Verdict.FALSE_POSITIVE},
            ),
            (5, 2, 2, 3.0, 0.33, 3, 0.3333),
        ),
    ],
)
def test_a_caseload_in_figures(load: Caseload, figures: tuple[Any, ...]) -> None:
    names = ("alerts", "open", "late", "oldest_open_hours", "usual_hours", "judged_pairs", "precision")

    assert _figures(load) == dict(zip(names, figures, strict=True))
    assert orjson.loads(orjson.dumps(_figures(load)))["alerts"] == figures[0]


def test_policies_of_a_folder_are_found_by_their_hash(tmp_path: Any) -> None:
    with pytest.raises(PolicyError, match=f"{tmp_path}: no policy file, "):
        load_policies(tmp_path, Policy())
    for name, threshold in (("b.toml", 0.9), ("a.toml", 0.8), ("other.txt", 0.7)):
        (tmp_path / name).write_text(f"threshold = {threshold}\n")
    found = load_policies(tmp_path, Policy())

    assert [policy.threshold for policy in found.values()] == [0.8, 0.9]
    assert all(policy.sha256 == sha256 for sha256, policy in found.items())
    (tmp_path / "c.toml").write_text('party_books = ["mine"]\n')
    with pytest.raises(PolicyError, match=r"c\.toml: other party_books or no_ownership than the policy in"):
        load_policies(tmp_path, Policy())
