"""What shadows compared, added up: the newest pair of policies, since a moment; topics in memory."""

from typing import Any

import orjson
import pytest

from screening.evaluation.comparison import Comparison
from streams.backtest.shadow_report import shadow_report
from tests.streams.topics_in_memory import TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}


def compared(until: str, current: str, proposed: str, left_out: int) -> bytes:
    own: dict[str, Any] = {"until": until, "current_policy": current, "proposed_policy": proposed}
    return orjson.dumps(Comparison().report() | own | {"left_out": left_out, "payments": 10})


@pytest.mark.parametrize(
    ("since", "left_out", "others", "payments"), [(0.0, 7, 2, 30), (2.5, 6, 1, 20), (5.5, 0, 0, 0)]
)
def test_the_newest_pair_counts_and_the_others_are_counted(
    monkeypatch: pytest.MonkeyPatch, since: float, left_out: int, others: int, payments: int
) -> None:
    topics = TopicsInMemory()
    topics.stand_in(monkeypatch)
    for at, value in enumerate(
        (
            compared("2026-01-01", "c", "new", 1),
            compared("2026-01-03", "c", "old", 90),
            compared("2026-01-04", "c", "new", 4),
            compared("2026-01-02", "d", "new", 80),
            compared("2026-01-05", "c", "new", 2),
        ),
        1,
    ):
        topics.put("s", "", value, float(at))
    topics.put("s", "", None, 9.0)
    report = shadow_report(CLIENT, "s", since)

    assert (report["left_out"], report["other_policies"], report["payments"]) == (left_out, others, payments)
    assert (report["current_policy"], report["proposed_policy"]) == (("c", "new") if payments else ("", ""))
    assert (report["current"], report["proposed"]) == ("the policy in force", "the shadow policy")
    assert (report["source"], report["unreadable"]) == ("s", 0)
