"""Hits on companies that are on no list but owned, and the network that a hit shows."""

from dataclasses import replace

import pytest

from screening import Designation, Name, Outcome, Party, Payment, Policy, Reason, Role, Screener
from screening.decisions import Tie
from screening.designations import Link
from screening.payments import Field

POLICY = Policy(party_books=frozenset({"book"}))
OWNER = Designation("ofac:1", (Name("Ashot Mkrtychev"),))
VERSOR = Designation("ofac:2", (Name("Versor S.R.O."),), links=(Link("Ashot Mkrtychev", to="ofac:1"),))


def company(percent: float, owner: str = "ofac:1") -> Designation:
    link = Link("Ashot Mkrtychev", "owned_by", owner, percent)
    return Designation("book:7", (Name("Danubia Machine Tools"),), links=(link,))


def screener(*entries: Designation) -> Screener:
    screener = Screener(POLICY)
    for entry in entries:
        screener.upsert(entry)
    return screener


def paying(name: str) -> Payment:
    party = Party(Role.CREDITOR, names=(Field(name, "/parties/0/name"),))
    return Payment(id="P-1", parties=(party,))


def test_an_owned_company_hits_for_its_ownership_and_names_the_owner() -> None:
    decision = screener(OWNER, company(60)).screen(paying("Danubia Machine Tools"))

    (hit,) = decision.hits
    assert hit.reason is Reason.OWNERSHIP
    assert hit.summary == "Danubia Machine Tools is on no list, but owned 60 % by Ashot Mkrtychev (ofac:1)"


def test_a_company_of_the_book_that_nobody_blocked_owns_is_clear() -> None:
    held = screener(OWNER, company(40))

    assert held.screen(paying("Danubia Machine Tools")).outcome is Outcome.CLEAR
    held.upsert(company(50))
    assert held.screen(paying("Danubia Machine Tools")).outcome is Outcome.HIT
    held.remove("ofac:1")
    assert held.screen(paying("Danubia Machine Tools")).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    ("programs", "outcome"),
    [
        (("EL",), Outcome.CLEAR),
        (("EL", "SDN"), Outcome.HIT),
        (("SDN",), Outcome.HIT),
        ((), Outcome.HIT),
    ],
)
def test_a_listing_that_the_policy_says_so_of_does_not_reach_what_its_party_owns(
    programs: tuple[str, ...], outcome: Outcome
) -> None:
    """BIS has a rule of its own for its lists; that of OFAC is the Treasury's."""
    held = Screener(replace(POLICY, no_ownership=frozenset({"csl EL", "csl DPL"})))
    held.upsert(replace(OWNER, id="csl:1", programs=programs))
    held.upsert(company(60, owner="csl:1"))

    assert held.screen(paying("Danubia Machine Tools")).outcome is outcome
    assert held.screen(paying(OWNER.name)).outcome is Outcome.HIT


def test_a_whole_list_may_not_reach_what_its_parties_own() -> None:
    held = Screener(replace(POLICY, no_ownership=frozenset({"ofac"})))
    for entry in (OWNER, company(60)):
        held.upsert(entry)

    assert held.screen(paying("Danubia Machine Tools")).outcome is Outcome.CLEAR


def test_without_a_book_in_the_policy_every_entry_is_a_listed_one() -> None:
    held = Screener(replace(POLICY, party_books=frozenset()))
    held.upsert(company(1))

    assert held.screen(paying("Danubia Machine Tools")).hits[0].reason is Reason.NAME


def test_a_hit_shows_who_is_tied_to_it_from_both_sides() -> None:
    held = screener(OWNER, VERSOR)
    tie = Tie("ofac:2", "linked_to", "ofac:1")

    assert held.screen(paying("Versor S.R.O.")).hits[0].network == (tie,)
    assert held.screen(paying("Ashot Mkrtychev")).hits[0].network == (tie,)
