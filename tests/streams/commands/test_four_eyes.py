"""Dispositions by command where two must look; topics in memory."""

import json
from typing import Any

import pytest

from screening.cases.dispositions import Disposition, Verdict
from streams.records.dispositions import PROPOSED, proposal_from_json
from streams.records.json import disposition_from_json
from tests.streams.commands.test_topic_output import (
    GIVEN,
    HIT,
    NOW,
    alerted,
    judge,
    refused,
    run,
    said,
    topics,
)
from tests.streams.past import VERSOR
from tests.streams.topics_in_memory import TopicsInMemory

__all__ = ["topics"]
TOPIC = "t-screening.dispositions"
PAIR = f"f|{VERSOR.id}"
FOUR_EYES: dict[str, Any] = {"four_eyes": "true"}
WITHDRAW = ("dispositions", "remove", PAIR, "--by", "bob", "--reason", "another man")


@pytest.fixture
def held(topics: TopicsInMemory) -> TopicsInMemory:
    """The pair's true positive, and its alert."""
    alerted(topics, 1)
    judge(topics, "f", VERSOR, Verdict.TRUE_POSITIVE)
    return topics


def written(topics: TopicsInMemory) -> list[tuple[str, bytes | None]]:
    """What a command sent, which stands on the topic from then on."""
    sent = [(key, value) for _, key, value in topics.sent]
    topics.sent.clear()
    for key, value in sent:
        topics.put(TOPIC, key, value)
    return sent


def standing() -> list[dict[str, Any]]:
    return said("dispositions", "list", **FOUR_EYES)


def test_a_false_positive_on_a_true_one_is_a_proposal_that_another_person_approves(
    held: TopicsInMemory,
) -> None:
    add = ("dispositions", "add", "a1", "--verdict", "false_positive", *GIVEN)
    done = run(*add, **FOUR_EYES)
    ((key, value),) = written(held)

    assert (key, proposal_from_json(value or b"").by) == (PROPOSED + PAIR, "ann")
    assert done.stdout.endswith(", once a second person has approved it\n")
    assert done.stderr == "what stands until then is true_positive by ann: why\n"
    true, waiting = standing()
    assert (true["verdict"], waiting["pair"]) == ("true_positive", PAIR)
    (*_, row) = said("dispositions", "report", "--json", **FOUR_EYES)
    until = disposition_from_json(json.dumps(waiting["disposition"]).encode()).until.isoformat()
    assert (row["by"], row["proposes"]) == ("ann", f"false_positive until {until}")
    assert "waits for a second person" in run("dispositions", "report", **FOUR_EYES).stdout

    assert "another person" in refused(
        "dispositions", "approve", PAIR, "--yes", "--by", "Ann ", code=2, **FOUR_EYES
    )
    done = run("dispositions", "approve", PAIR, "--yes", "--by", "bob", **FOUR_EYES)
    assert done.stdout == f"{PAIR}: false_positive until {until}, by ann and bob\n"
    (key, value), gone = written(held)
    given: Disposition = disposition_from_json(value or b"")
    assert (key, given.by, given.approved_by, gone) == (PAIR, "ann", "bob", (PROPOSED + PAIR, None))
    assert "nothing of" in refused(
        "dispositions", "approve", PAIR, "--yes", "--by", "bob", code=1, **FOUR_EYES
    )


def test_a_true_positive_is_withdrawn_by_two(held: TopicsInMemory) -> None:
    assert "by is missing" in refused("dispositions", "remove", PAIR, code=2, **FOUR_EYES)
    assert run(*WITHDRAW, **FOUR_EYES).stdout.endswith(", once a second person has approved it\n")
    written(held)
    assert [row["by"] for row in standing()] == ["ann", "bob"]
    (*_, row) = said("dispositions", "report", "--json", **FOUR_EYES)
    assert (row["proposes"], row["why"]) == ("withdrawn", "another man")

    done = run("dispositions", "approve", PAIR, "--yes", "--by", "cem", **FOUR_EYES)
    assert done.stdout == f"{PAIR}: withdrawn, by bob and cem\n"
    (key, value), gone = written(held)
    assert (key, proposal_from_json(value or b"").approved_by) == (PROPOSED + PAIR, "cem")
    assert (gone, standing()) == ((PAIR, None), [])


def test_what_is_approved_is_shown_before(held: TopicsInMemory) -> None:
    """Another may have taken its place since the report."""
    run(*WITHDRAW, **FOUR_EYES)
    written(held)
    done = run("dispositions", "approve", PAIR, "--by", "cem", **FOUR_EYES)  # nobody answers

    assert (done.exit_code, held.sent) == (1, [])
    assert "withdrawn, by bob: another man\nApprove it?" in done.stderr


def test_two_who_are_named_at_once_withdraw_it_at_once(held: TopicsInMemory) -> None:
    done = run(*WITHDRAW, "--approved-by", "cem", **FOUR_EYES)
    written(held)

    assert (done.stdout, standing()) == (f"{PAIR}: withdrawn\n", [])


def test_a_false_positive_is_withdrawn_by_one(topics: TopicsInMemory) -> None:
    judge(topics, "f", VERSOR, Verdict.FALSE_POSITIVE, approved_by="bob")
    done = run("dispositions", "remove", PAIR, **FOUR_EYES)

    assert (done.stdout, written(topics)) == (f"{PAIR}: withdrawn\n", [(PAIR, None)])


def test_a_false_positive_of_another_state_of_the_entry_is_not_approved(held: TopicsInMemory) -> None:
    run("dispositions", "add", "a1", "--verdict", "false_positive", *GIVEN, **FOUR_EYES)
    written(held)
    alerted(held, 0.5, HIT | {"alert_id": "a2", "designation": {"id": VERSOR.id, "fingerprint": "amended"}})
    approve = ("dispositions", "approve", PAIR, "--yes", "--by", "bob")

    assert "the list says something else of it since" in refused(*approve, code=1, **FOUR_EYES)


def test_what_a_case_system_wrote_over_a_true_positive_is_settled(held: TopicsInMemory) -> None:
    judge(held, "f", VERSOR, Verdict.FALSE_POSITIVE, by="cem")
    done = run("dispositions", "settle", **FOUR_EYES)
    (pair, _), (proposal, _) = written(held)
    assert held.sent_at == [NOW.timestamp() * 1000] * 2

    assert done.stdout == f"{PAIR}: what stands is in its place again\n"
    assert (pair, proposal) == (PAIR, PROPOSED + PAIR)
    assert [row["by"] for row in standing()] == ["ann", "cem"]
    assert (run("dispositions", "settle", **FOUR_EYES).stdout, written(held)) == ("", [])


def test_what_ended_while_it_waited_is_not_approved(held: TopicsInMemory) -> None:
    add = ("dispositions", "add", "a1", "--verdict", "false_positive", *GIVEN[:-1], "0.001s")
    run(*add, **FOUR_EYES)
    written(held)

    assert "it ended at" in refused(
        "dispositions", "approve", PAIR, "--yes", "--by", "bob", code=1, **FOUR_EYES
    )
