"""The composed call: a payment in, a decision out."""

from screening import Designation, Name, NameType, Outcome, Screener, decode_payment

VERSOR = Designation(id="ofac:44521", names=(Name("VERSOR S.R.O.", NameType.PRIMARY),))


def test_a_payment_to_a_designated_party_is_a_hit_that_says_who_and_where() -> None:
    screener = Screener()
    screener.upsert(VERSOR)
    (payment,) = decode_payment(
        b'{"id": "P-1", "parties": [{"role": "debtor", "name": "Acme Trading Ltd"},'
        b' {"role": "creditor", "name": "Versor, s.r.o."}]}'
    )

    decision = screener.screen(payment)

    assert decision.outcome is Outcome.HIT
    (hit,) = decision.hits
    assert (hit.designation.id, hit.role, hit.path) == ("ofac:44521", "creditor", "/parties/1/name")


def test_a_delisted_party_is_clear_with_the_next_call() -> None:
    screener = Screener()
    screener.upsert(VERSOR)
    screener.remove(VERSOR.id)

    assert screener.match("Versor") == []


def test_whoever_measures_is_told_how_many_pairs_each_name_cost() -> None:
    scored: list[int] = []
    screener = Screener(on_scored=scored.append)
    screener.upsert(VERSOR)

    assert screener.match("Versor")
    assert not screener.match("Nordic Timber")

    assert scored[0] == 1
    assert scored[-1] == 0
