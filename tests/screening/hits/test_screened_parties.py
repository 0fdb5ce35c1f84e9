"""What parties hit is remembered: decisions are the same, only sooner."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice, permutations
from typing import Any

import pytest

from benchmarks.matching.sets import SAMPLES, Sets
from screening import Designation, Kind, Name, Outcome, Payment, Policy, Role, Screener
from screening.designations import DateRange, Gender, Identifier
from screening.effort import Effort, Taken
from screening.hits.by_name import name_hits, text_hits
from screening.hits.screened_parties import ScreenedParties
from screening.limits import MOST_STEPS, MOST_WORDS
from screening.matching.index import Index
from screening.payments.canonical import payment_of
from screening.payments.model import Field, Party, PartyIdentifier
from screening.policy.rules import Rule
from streams.records.json import Origin, decision_to_json
from tests.screening.random_payments import Chance

NOTHING = (0, 0)
VERSOR = Designation("ofac:1", (Name("Versor LLC"),), Kind.ORGANIZATION)
ORIGIN = Origin("payments", 0, 0, 0)
AT = datetime(2026, 1, 1, tzinfo=UTC)


def written(screener: Screener, payment: Payment) -> bytes:
    return decision_to_json(screener.screen(payment), AT, 1.0, ORIGIN)


def paying(party: Party, rail: str | None = None) -> Payment:
    return Payment("P-1", (party,), rail=rail)


def named(name: str, role: Role = Role.CREDITOR) -> Party:
    return Party(role, names=(Field(name, "/parties/0/name"),))


def test_decisions_have_the_same_bytes_with_and_without_a_memory() -> None:
    sets = Sets(SAMPLES)
    remembering, forgetful = Screener(), Screener(remembered=NOTHING)
    for entry in islice(sets.designations(), 250):
        remembering.upsert(entry)
        forgetful.upsert(entry)
    payments = [payment_of(event) for event in sets.realistic(every=20)]
    payments += [payment_of(each.event) for each in sets.planted(every=12)]

    for payment in payments:
        expected = written(forgetful, payment)
        assert [written(remembering, payment) for _ in range(2)] == [expected] * 2
    screened, remembered = remembering.remembered_parties()
    assert 0.45 < remembered / screened < 0.6  # the second time, all


@pytest.mark.parametrize("most", [3, 1_000])
def test_decisions_are_the_same_while_the_list_changes(most: int) -> None:
    chance = Chance(7)
    remembering, forgetful = Screener(remembered=(most, 1 << 20)), Screener(remembered=NOTHING)
    stream = [chance.payment(number) for number in range(40)]
    listed: dict[str, Designation] = {}
    for number in range(120):
        changed = chance.change(listed, number)
        for screener in (remembering, forgetful):
            if changed in listed:
                screener.upsert(listed[changed])
            else:
                screener.remove(changed)
        for payment in (stream[number % 40], stream[number % 7], stream[number % 7]):
            assert written(remembering, payment) == written(forgetful, payment)


def test_a_publication_between_two_equal_payments_is_seen() -> None:
    screener = Screener()
    proposed = screener.under(Policy(threshold=0.9))
    payment = paying(named("Versor LLC"))
    assert [each.screen(payment).outcome for each in (screener, proposed)] == [Outcome.CLEAR] * 2

    screener.upsert(VERSOR)

    assert [each.screen(payment).outcome for each in (screener, proposed)] == [Outcome.HIT] * 2


def test_an_entry_without_a_name_that_can_be_read_is_seen_too() -> None:
    screener = Screener()
    code = PartyIdentifier("bic", "TATRSKBX", "/parties/0/bic")
    payment = paying(Party(Role.CREDITOR_AGENT, identifiers=(code,)))
    assert screener.screen(payment).outcome is Outcome.CLEAR

    bank = Designation("ofac:2", (Name("..."),), identifiers=(Identifier("bic", "TATRSKBX"),))
    screener.upsert(bank)

    assert screener.screen(payment).outcome is Outcome.HIT


def test_what_is_clear_in_one_role_or_on_one_rail_is_not_clear_in_another() -> None:
    rules = (
        Rule(roles=frozenset((Role.DEBTOR,)), apply=False),
        Rule(rails=frozenset(("sepa",)), apply=False),
    )
    screener = Screener(Policy(rules=rules))
    screener.upsert(VERSOR)

    assert screener.screen(paying(named("Versor LLC", Role.DEBTOR), "swift")).outcome is Outcome.CLEAR
    assert screener.screen(paying(named("Versor LLC"), "sepa")).outcome is not Outcome.HIT
    assert screener.screen(paying(named("Versor LLC"), "swift")).outcome is Outcome.HIT


def test_another_policy_on_the_same_table_remembers_for_itself() -> None:
    screener = Screener(Policy(threshold=0.99))
    screener.upsert(VERSOR)
    payment = paying(named("Versar LLC"))

    assert screener.screen(payment).outcome is Outcome.CLEAR
    assert screener.under(Policy(threshold=0.7)).screen(payment).outcome is Outcome.HIT


@pytest.mark.parametrize(
    "told",
    [
        {"kind": Kind.PERSON},
        {"birth_date": DateRange(date(1970, 1, 1), date(1970, 12, 31))},
        {"gender": Gender.FEMALE},
        {"identifiers": (PartyIdentifier("bic", "TATRSKBX", ""),)},
        {"identifiers": (PartyIdentifier("other", "VERSOR", ""),)},
        {"countries": (Field("RU", ""),)},
        {"addresses": (Field("Versor", ""),)},
        {"texts": (Field("Versor", ""),)},
        {"names": (Field("Versor", ""), Field("Versor", ""))},
    ],
)
def test_whatever_a_party_says_makes_it_another_party(told: dict[str, Any]) -> None:
    screener = Screener()
    party = named("Versor")
    screener.screen(paying(party))
    screener.remembered_parties()

    screener.screen(paying(party._replace(**told)))
    assert screener.remembered_parties() == (1, 0)

    elsewhere = party._replace(names=(Field("Versor", "/Document/CdtTrfTxInf[7]/Cdtr/Nm"),))
    screener.screen(paying(elsewhere))
    assert screener.remembered_parties() == (1, 1)


def test_a_hit_stands_where_the_payment_at_hand_has_it() -> None:
    remembering, forgetful = Screener(), Screener(remembered=NOTHING)
    for screener in (remembering, forgetful):
        screener.upsert(VERSOR)
    texts = (Field("for Versor LLC", "/texts/0"), Field("and Versor LLC", "/texts/1"))
    first = named("Versor LLC")._replace(texts=texts)
    moved = tuple([Field(each.value, "/b") for each in texts])
    elsewhere = first._replace(role=Role.DEBTOR, names=(Field("Versor LLC", "/b/Nm"),), texts=moved)

    for party in (first, elsewhere, first, first._replace(role=Role.ULTIMATE_DEBTOR)):
        assert written(remembering, paying(party)) == written(forgetful, paying(party))
    assert remembering.remembered_parties() == (4, 3)


def test_places_that_do_not_tell_each_other_are_searched_anew() -> None:
    remembering, forgetful = Screener(), Screener(remembered=NOTHING)
    for screener in (remembering, forgetful):
        screener.upsert(VERSOR)
        screener.upsert(Designation("ofac:2", (Name("Delmar LLC"),), Kind.ORGANIZATION))
    for paths in (("/Nm", "/Nm"), ("/Nm", "/AltNm")):
        party = Party(Role.CREDITOR, names=tuple(map(Field, ("Versor LLC", "Delmar LLC"), paths)))
        assert written(remembering, paying(party)) == written(forgetful, paying(party))


def test_a_name_that_goes_on_in_a_line_of_the_address_is_not_known_from_one_before_a_town() -> None:
    screener = Screener()
    screener.upsert(Designation("un:7", (Name("Islamic Revolutionary Guard Corps"),), Kind.ORGANIZATION))
    name = Field("ISLAMIC REVOLUTIONARY", "/name")
    outcomes = []
    for path in ("/address/town", "/address/0"):
        party = Party(Role.CREDITOR, names=(name,), addresses=(Field("GUARD CORPS", path),))
        outcomes.append(screener.screen(paying(party)).outcome)

    assert outcomes == [Outcome.CLEAR, Outcome.HIT]


def test_roles_and_rails_make_another_party_where_a_rule_names_them() -> None:
    rules = (Rule(roles=frozenset((Role.DEBTOR,)), rails=frozenset(("sepa",)), threshold=0.9),)
    screener = Screener(Policy(rules=rules))
    met = [
        (Role.CREDITOR, "swift", False),
        (Role.ULTIMATE_DEBTOR, None, True),
        (Role.DEBTOR, "fedwire", False),
        (Role.DEBTOR, "swift", True),
        (Role.CREDITOR, "sepa", False),
        (Role.DEBTOR, "sepa", False),
        (Role.OTHER, "sepa", True),
    ]

    for role, rail, known in met:
        screener.screen(paying(named("Versor", role), rail))
        assert screener.remembered_parties() == (1, int(known)), (role, rail)


def test_what_is_remembered_counts_and_beyond_a_limit_it_is_screened_up_to_there() -> None:
    effort = Effort()
    effort.begin()

    assert effort.repeat(Taken(2, MOST_STEPS - 1, ({"versor": 1},), 1))
    assert effort.repeat(Taken(1, 0, ({"versor": 1},), 1))
    assert not effort.repeat(Taken(0, 1))
    assert not effort.repeat(Taken(0, 0, ({"delmar": 1},), 1))
    assert not effort.repeat(Taken(MOST_WORDS, 0))
    assert (effort.words, effort.steps) == (3, MOST_STEPS)


def texted(text: str) -> Party:
    return Party(Role.CREDITOR, texts=(Field(text, "/remittance"),))


PARTS = [
    *map(texted, ("Invoice for valves and pumps", "Pumps, valves and spare parts")),
    named("Spare Pumps Trading"),
]


def test_what_a_payment_takes_is_the_same_whichever_of_its_parties_are_remembered() -> None:
    for order in permutations(PARTS):
        payment = Payment("P-1", order)
        taken = steps_of(payment, ())

        assert taken > 0
        for met in range(1, len(order) + 1):
            assert {steps_of(payment, parties) for parties in permutations(order, met)} == {taken}


def steps_of(payment: Payment, met: tuple[Party, ...]) -> int:
    """What a payment takes in a screener that has screened these parties."""
    index = Index()
    index.put(VERSOR)
    parties, effort = ScreenedParties(Policy(), 100, 1 << 20), index.effort
    for each in (Payment("P-0", met), payment):
        index.begin_payment()
        for party in each.parties:
            said = parties.said_of(party, None)
            if parties.known(said, party, 1, effort) is None:
                before = effort.so_far()
                hits = (*name_hits(party, None, index, Policy()), *text_hits(party, None, index, Policy()))
                parties.note(said, party, hits, effort.since(before))
    return effort.steps


def test_a_changed_entry_is_compared_anew() -> None:
    screener = Screener()
    screener.upsert(VERSOR)
    payment = paying(named("Delmar LLC"))
    assert screener.screen(payment).outcome is Outcome.CLEAR

    screener.upsert(replace(VERSOR, names=(*VERSOR.names, Name("Delmar LLC"))))

    assert screener.screen(payment).outcome is Outcome.HIT
