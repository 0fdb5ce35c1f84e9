"""What is remembered of stopped payments: for how long, how many, and by what one is known again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from screening import Party, Payment, Role
from screening.cases.stopped import StoppedPayments, end_of, money
from screening.decisions import End, Stopped
from screening.payments.model import Field, PartyIdentifier
from screening.policy.rules import StrippingRule

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
FIRST = Stopped(
    *("a1", "P-1", NOW, "12.5", "EUR", End(("gb1",), ("acme",)), End(("sk1",), ("versor",))),
    *(Role.CREDITOR, "Versor", "f", "ofac:1"),
)


def paid(debtor: str = "", creditor: str = "", *, amount: str = "12.50", code: str = "") -> Payment:
    parties = [
        Party(Role.DEBTOR, names=(Field(debtor, ""),)),
        Party(Role.CREDITOR, names=(Field(creditor, ""),)),
    ]
    if code:
        parties.append(Party(Role.CREDITOR, identifiers=(PartyIdentifier("account", code, ""),)))
    return Payment("P-2", tuple(parties), amount=amount, currency="EUR")


def found(memory: StoppedPayments, payment: Payment, now: datetime = NOW) -> list[str]:
    return [each.alert_id for each in memory.like(payment, now)]


@pytest.mark.parametrize(
    ("payment", "known"),
    [
        (paid("ACME"), True),
        (paid("", "Versor!"), True),
        (paid(code="SK 1"), True),
        (paid("Versor", "Acme"), False),
        (paid("other", "another", code="GB1"), False),
        (paid("ACME", amount="12.51"), False),
        (paid("ACME", amount="12.500"), True),
        (paid("ACME", amount="twelve"), False),
        (paid("ACME")._replace(currency="USD"), False),
        (paid("ACME")._replace(currency=" eur "), True),
        (paid("ACME")._replace(amount=None), False),
    ],
)
def test_a_payment_is_known_by_its_amount_and_a_word_of_the_same_end(payment: Payment, known: bool) -> None:
    memory = StoppedPayments()
    memory.note(FIRST, NOW)

    assert found(memory, payment) == (["a1"] if known else [])
    assert found(StoppedPayments(), payment) == []


def test_what_was_stopped_is_remembered_until_the_window_is_over() -> None:
    memory = StoppedPayments(StrippingRule(window_hours=2))
    memory.note(FIRST, NOW)

    assert found(memory, paid("Acme"), NOW + 2 * HOUR - SECOND) == ["a1"]
    assert found(memory, paid("Acme"), NOW + 2 * HOUR) == []
    memory.forget(NOW + 2 * HOUR - SECOND)
    assert len(memory) == 1
    memory.forget(NOW + 2 * HOUR)
    assert (len(memory), found(memory, paid("Acme"))) == (0, [])


def test_what_is_older_than_the_window_is_not_taken_in_and_what_is_known_is_there_once() -> None:
    memory = StoppedPayments(StrippingRule(window_hours=2))
    memory.note(replace(FIRST, at=NOW - 2 * HOUR), NOW)
    assert len(memory) == 0
    memory.note(replace(FIRST, at=NOW - 2 * HOUR + SECOND), NOW)
    memory.note(FIRST, NOW)
    assert len(memory) == 1
    memory.note(replace(FIRST, alert_id="a2"), NOW + 2 * HOUR - SECOND)
    assert found(memory, paid("Acme"), NOW) == ["a2"]
    memory.note(FIRST, NOW)
    assert (len(memory), memory.dropped) == (2, 0)


def test_the_newest_come_first_and_of_one_moment_in_one_order() -> None:
    memory = StoppedPayments()
    for alert_id, seconds in (("b", 1), ("a", 1), ("c", 0), ("d", 2)):
        memory.note(replace(FIRST, alert_id=alert_id, at=NOW + seconds * SECOND), NOW)

    assert found(memory, paid("Acme", "Versor")) == ["d", "b", "a", "c"]


def test_the_number_pushes_out_the_oldest_and_counts_it() -> None:
    memory = StoppedPayments(most=2)
    for number in range(4):
        memory.note(replace(FIRST, alert_id=f"a{number}", amount=f"{number}"), NOW)

    assert (len(memory), memory.dropped) == (2, 2)
    assert [found(memory, paid("Acme", amount=f"{number}")) for number in range(4)] == [
        [],
        [],
        ["a2"],
        ["a3"],
    ]


def test_long_words_push_out_the_oldest_before_the_number_does() -> None:
    memory = StoppedPayments(most_bytes=100_000)
    for number in range(200):
        names = tuple(f"{number} {place} {'x' * 2_000}" for place in range(8))
        memory.note(replace(FIRST, alert_id=f"a{number}", debtor=End((), names)), NOW)

    assert (len(memory), memory.dropped) == (4, 196)
    memory.forget(NOW + 200 * HOUR)
    memory.note(replace(FIRST, at=NOW + 200 * HOUR), NOW + 200 * HOUR)
    assert (len(memory), memory.dropped) == (1, 196)


def test_of_one_amount_at_one_end_fifty_are_kept() -> None:
    memory = StoppedPayments()
    for number in range(51):
        memory.note(replace(FIRST, alert_id=f"a{number}", creditor=End(("x",), (f"c{number}",))), NOW)

    assert sorted(found(memory, paid("Acme"))) == sorted(f"a{number}" for number in range(1, 51))
    assert found(memory, paid("", "c0")) == ["a0"]  # by its own name it is known still


@pytest.mark.parametrize(
    ("amount", "spelt"),
    [
        *(("12500.00", "12500"), ("12500", "12500"), ("12500.", "12500"), ("100", "100"), ("1.10", "1.1")),
        *(("0.50", "0.5"), ("0", "0"), ("0.00", "0"), ("00012.0", "12"), ("1E+3", "1000"), ("9.9.9", None)),
        *(("-5.0", "-5"), ("٣", "3"), ("", None), ("x", None)),
        *(("1E+60", "1" + 60 * "0"), ("1E+61", None), ("1E-61", None), ("9E+999999999", None)),
    ],
)
def test_an_amount_has_one_spelling(amount: str, spelt: str | None) -> None:
    assert money(amount, " usd") == (spelt and (spelt, "USD"))


def test_an_end_is_the_codes_and_names_of_its_role_written_plainly() -> None:
    words = [
        ("debtor", ["ACME, Ltd", "--"], ["GB 29"]),
        ("debtor", ["Acme Ltd", "Bravo"], ["gb29", " "]),
        ("creditor", ["Other"], ["SK1"]),
    ]

    assert end_of(words, Role.DEBTOR) == End(("gb29",), ("acme ltd", "bravo"))
    assert end_of(words, Role.OTHER) == End()
    assert [bool(end) for end in (End(), End(("a",)), End((), ("b",)))] == [False, True, True]


def test_what_the_window_has_passed_goes_first_and_what_it_has_not_stays() -> None:
    memory = StoppedPayments(StrippingRule(window_hours=2))
    for number in range(3):
        at = NOW + number * HOUR
        memory.note(replace(FIRST, alert_id=f"a{number}", at=at), at)

    memory.forget(NOW + 2 * HOUR)
    assert len(memory) == 2
    memory.forget(NOW + 4 * HOUR)
    assert len(memory) == 0
