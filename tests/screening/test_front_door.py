"""The Python API as it is promised: names, signatures, types, errors. mypy reads this file strictly, too."""

import inspect
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

import screening
from screening import (
    Decision,
    Designation,
    Hit,
    ListError,
    Name,
    NameType,
    Outcome,
    Payment,
    PaymentError,
    Policy,
    Screener,
    compare,
    decode_payment,
    parse_list,
)
from screening.keys.sieve import COMPILED

RAW = b'{"id": "P-1", "parties": [{"role": "creditor", "name": "Versor s.r.o."}]}'
KINDS = (None, "person", "organization", "vessel", "aircraft")


def test_a_payment_is_screened_by_what_the_front_door_offers(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("uid,name\n1,VERSOR S.R.O.\n2,Ashot Mkrtychev\n")
    screener = Screener(Policy())
    entries: Iterator[Designation] = parse_list("csv", tmp_path / "own.csv", name="own")
    for entry in entries:
        screener.upsert(entry)

    payments: list[Payment] = decode_payment(RAW, content_type=None)
    decision: Decision = screener.screen(payments[0])
    hits: list[Hit] = screener.match("Ashot Mkrtichev", kind="person")
    screener.remove("own:1")
    screener.remove("own:1")

    assert (decision.outcome, decision.payment_id, decision.trigger) == (Outcome.HIT, "P-1", "payment")
    (hit,) = decision.hits
    place: tuple[str, str, Name | None] = (hit.designation.id, hit.path, hit.name)
    assert place == ("own:1", "/parties/0/name", Name("VERSOR S.R.O.", NameType.PRIMARY))
    assert [found.designation.id for found in hits] == ["own:2"]
    assert screener.screen(payments[0]).outcome is Outcome.CLEAR


@pytest.mark.skipif(COMPILED, reason="what `make native` compiles cannot be made anew from its state")
def test_a_decision_goes_from_one_process_of_a_caller_to_another() -> None:
    screener = Screener(Policy())
    screener.upsert(Designation("own:1", (Name("VERSOR S.R.O."),)))
    (payment,) = decode_payment(RAW)
    decision = screener.screen(payment)

    assert pickle.loads(pickle.dumps(decision)) == decision  # noqa: S301  its own
    assert decision.hits


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_compared_and_matched_as_of_any_kind(kind: str | None) -> None:
    score: float = compare("Qorvel Zuvavov", "Qorvel ZUVAVOF", kind=kind)
    screener = Screener(Policy())
    screener.upsert(Designation("own:1", (Name("Qorvel ZUVAVOF"),)))

    assert Policy().threshold <= score < 1
    assert screener.match("Qorvel Zuvavov", kind=kind)


def test_a_legal_form_in_full_is_that_of_a_company() -> None:
    score = compare("Siemens AG", "Siemens Aktiengesellschaft", kind="organization")

    assert Policy().threshold <= score <= 1


def test_hits_come_best_first() -> None:
    screener = Screener(Policy())
    for number, name in enumerate(("Versar s.r.o.", "Versor s.r.o.", "Versor Trading")):
        screener.upsert(Designation(f"own:{number}", (Name(name),)))

    scores = [hit.score for hit in screener.match("Versor s.r.o.")]

    assert scores[0] == 1.0
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_errors_are_those_that_are_promised(tmp_path: Path) -> None:
    for raw in (None, b"", b" ", b"\xff", b"{", b"[]", b"null", b"<a>", b"{1:", RAW * 20_000):
        with pytest.raises(PaymentError) as refused:
            decode_payment(raw)
        assert str(refused.value).startswith(str(refused.value.problem))
    for source, path in (
        ("csv", tmp_path / "gone"),
        ("csv", tmp_path),
        ("none", tmp_path),
        ("OFAC", tmp_path),
    ):
        with pytest.raises(ListError):
            list(parse_list(source, path))
    for call in (Screener().match, lambda name, kind: compare(name, name, kind)):
        with pytest.raises(ValueError, match="'company' is not a valid Kind"):
            call("Versor", kind="company")


def test_every_name_of_the_front_door_is_there() -> None:
    assert [name for name in screening.__all__ if not hasattr(screening, name)] == []


@pytest.mark.skipif(COMPILED, reason="compiled functions keep no annotations; mypy reads the source")
def test_every_function_of_the_front_door_is_typed() -> None:
    for function in (compare, decode_payment, parse_list, Screener.match, Screener.screen, Screener.upsert):
        hints = get_type_hints(function)
        wanted = {name for name in inspect.signature(function).parameters if name != "self"}
        assert wanted | {"return"} == hints.keys()
