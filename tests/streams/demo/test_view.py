"""What the demo's picture says in numbers."""

from typing import Any

import pytest

from streams.demo.payments import DemoPayment
from streams.demo.story import Story
from streams.demo.view import _counts, _milliseconds


@pytest.mark.parametrize(
    ("took", "middle"), [([], "-"), ([7.04], "7.0 ms"), ([9.0, 1.0, 5.55], "5.5 ms"), ([4.0, 2.0], "4.0 ms")]
)
def test_the_middle_of_the_latencies_is_named(took: list[float], middle: str) -> None:
    story = Story()
    story.latency_ms.extend(took)
    story.decided.update({"clear": 3, "hit": 2, "error": 1})

    assert _counts(story).plain == (
        "0 payments sent, 3 clear, 2 hits, 1 errors, 0 in flight; median time to decide " + middle
    )


@pytest.mark.parametrize(
    ("published", "sent_after", "outcome", "counted"),
    [
        (False, False, "hit", (0, 1, 0, 0)),
        (True, False, "hit", (0, 0, 1, 0)),
        (True, True, "hit", (0, 0, 1, 0)),
        (False, False, "clear", (1, 0, 0, 0)),
        (True, False, "clear", (1, 0, 0, 0)),
        (True, True, "clear", (0, 0, 0, 1)),
    ],
)
def test_a_payment_of_a_company_counts_by_what_was_in_force(
    published: bool, sent_after: bool, outcome: str, counted: tuple[int, ...]
) -> None:
    story = Story(published=published, sent_after={"P-1"} if sent_after else set())
    company = next(iter(story.companies.values()))
    story._count(company, "P-1", outcome)

    assert (company.clear_before, company.hits_before, company.hits_after, company.clear_after) == counted


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.00123, "1.2 ms"), (0.0994, "99.4 ms"), (0.1, "100 ms"), (12.3456, "12346 ms")]
)
def test_a_time_has_room_in_seven_characters_or_no_fraction(seconds: float, told: str) -> None:
    assert _milliseconds(seconds) == told


def test_what_was_sent_and_not_decided_is_in_flight() -> None:
    story = Story()
    for number in range(3):
        story.payment_sent(DemoPayment(f"P-{number}", b"{}", "Acme", None))
    decision: Any = {"payment_id": "P-1", "outcome": "clear", "hits": [], "latency_ms": 1.0}
    story.decision_read(decision)
    story.decision_read(decision)
    story.decision_read(decision | {"payment_id": "another"})

    assert (story.undecided, story.decided) == (2, {"clear": 1})
    assert not story.all_decided.is_set()
    for number in (0, 2):
        story.decision_read(decision | {"payment_id": f"P-{number}"})
    assert story.all_decided.is_set()
