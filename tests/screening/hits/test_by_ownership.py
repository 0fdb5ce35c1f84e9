"""Ties: the network around a party, and OFAC's 50 percent rule with the cases of its FAQs."""

import random
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from screening import Designation, Name
from screening.decisions import Tie
from screening.designations import Link
from screening.hits.by_ownership import Ownership, Ties


def blocked(uid: str, *links: Link) -> Designation:
    return Designation(f"ofac:{uid}", (Name(uid),), links=links)


def company(uid: str, *owners: tuple[str, float]) -> Designation:
    """An entry of the party book, with its owners and their shares."""
    links = tuple(Link(owner, "owned_by", owner, percent) for owner, percent in owners)
    return Designation(f"book:{uid}", (Name(uid),), links=links)


def ties(*entries: Designation) -> Ties:
    graph = Ties(books={"book"})
    for entry in entries:
        graph.put(entry)
    return graph


def owned(graph: Ties, uid: str) -> bool:
    return graph.owned(f"book:{uid}") is not None


def test_a_half_owned_by_one_blocked_person_is_blocked_and_less_is_not() -> None:
    graph = ties(blocked("x"), company("a", ("ofac:x", 50)), company("b", ("ofac:x", 49.99)))

    assert graph.owned("book:a") == Ownership(50.0, (("ofac:x", 50),))
    assert not owned(graph, "b")


def test_faq_399_shares_of_several_blocked_persons_add_up() -> None:
    graph = ties(blocked("x"), blocked("y"), company("a", ("ofac:x", 25), ("ofac:y", 25)))

    assert graph.owned("book:a") == Ownership(50.0, (("ofac:x", 25), ("ofac:y", 25)))


def test_shares_come_to_all_of_a_company_at_the_most() -> None:
    for shares, owned in (((60, 60), 100.0), ((50, 49.5), 99.5), ((50, 50), 100.0), ((50, 50.5), 100.0)):
        owners = dict(zip(("ofac:x", "ofac:y"), shares, strict=True))
        graph = ties(blocked("x"), blocked("y"), company("a", *owners.items()))

        assert graph.owned("book:a") == Ownership(owned, (*owners.items(),))


def test_faq_401_a_half_of_a_half_is_blocked_since_shares_are_not_multiplied() -> None:
    graph = ties(blocked("x"), company("a", ("ofac:x", 50)), company("b", ("book:a", 50)))

    assert owned(graph, "b")


def test_faq_401_direct_and_indirect_shares_add_up() -> None:
    graph = ties(blocked("x"), company("a", ("ofac:x", 50)), company("b", ("ofac:x", 10), ("book:a", 40)))

    assert owned(graph, "b")


def test_faq_401_two_holdings_of_which_neither_is_blocked_block_nothing() -> None:
    graph = ties(
        blocked("x"),
        company("a", ("ofac:x", 25)),
        company("b", ("ofac:x", 25)),
        company("c", ("book:a", 50), ("book:b", 50)),
    )

    assert not owned(graph, "c")


def test_faq_398_control_is_not_ownership_and_an_unknown_share_is_none() -> None:
    graph = ties(
        blocked("x", Link("A", "director", "book:a", 100), Link("A", "acting_for", "book:a", 100)),
        Designation("book:a", (Name("A"),), links=(Link("X", "owned_by", "ofac:x"),)),
    )

    assert not owned(graph, "a")


def test_an_owner_may_say_it_himself() -> None:
    assert owned(ties(company("a"), blocked("x", Link("A", "owner", "book:a", 60))), "a")


def test_one_share_told_by_both_sides_counts_once() -> None:
    graph = ties(blocked("x", Link("A", "owner", "book:a", 30)), company("a", ("ofac:x", 30)))

    assert not owned(graph, "a")


def test_a_listed_company_is_listed_and_not_merely_owned() -> None:
    graph = ties(blocked("x"), blocked("y", Link("X", "owned_by", "ofac:x", 100)))

    assert graph.owned("ofac:y") is None


def test_a_designation_blocks_everything_below_it_at_once_and_its_delisting_frees_it() -> None:
    graph = ties(company("a", ("ofac:x", 60)), company("b", ("book:a", 60)), company("c", ("book:b", 60)))

    assert graph.put(blocked("x")) == {"book:a", "book:b", "book:c"}
    assert owned(graph, "c")
    assert graph.remove("ofac:x") == {"book:a", "book:b", "book:c"}
    assert not owned(graph, "a")


def test_a_sold_share_frees_the_company() -> None:
    graph = ties(blocked("x"), company("a", ("ofac:x", 60)), company("b", ("book:a", 100)))

    assert graph.put(company("a", ("ofac:x", 40))) == {"book:a", "book:b"}


def test_companies_that_own_each_other_do_not_hold_each_other_up() -> None:
    ring = (company("a", ("book:b", 60), ("ofac:x", 50)), company("b", ("book:a", 60)))
    graph = ties(blocked("x"), *ring)
    assert owned(graph, "b")

    graph.remove("ofac:x")
    assert not owned(graph, "a")
    assert not owned(graph, "b")


def test_the_network_of_a_party_shows_its_ties_from_both_sides_in_one_order() -> None:
    mkrtychev = blocked("mkrtychev")
    versor = blocked("versor", Link("Ashot Mkrtychev", "linked_to", "ofac:mkrtychev"))
    director = blocked("director", Link("Versor", "director", "ofac:versor"), Link("Some Bank", "linked_to"))
    graph = ties(mkrtychev, versor, director)
    near = Tie("ofac:versor", "linked_to", "ofac:mkrtychev")

    assert graph.network("ofac:mkrtychev") == (near,)
    assert graph.network("ofac:versor") == (Tie("ofac:director", "director", "ofac:versor"), near)
    assert graph.network("ofac:nobody") == ()


def _anew(entries: Iterable[Designation]) -> dict[str, bool]:
    """The rule by its definition: add blocked shares until nothing changes."""
    held = {entry.id: entry for entry in entries}
    bad = {key for key in held if key.startswith("ofac:")}
    while True:
        more = {
            key
            for key, entry in held.items()
            if key not in bad and sum(link.percent or 0 for link in entry.links if link.to in bad) >= 50
        }
        if not more:
            return {key: key in bad for key in held if key.startswith("book:")}
        bad |= more


@settings(max_examples=25)  # each walks thirty steps
@given(st.randoms(use_true_random=False))
def test_kept_in_step_the_rule_gives_what_it_gives_from_scratch(rng: random.Random) -> None:
    ids = [f"ofac:{number}" for number in range(3)] + [f"book:{number}" for number in range(6)]
    held = dict[str, Designation]()
    graph = Ties(books={"book"}, entries=held if rng.random() < 0.5 else None)
    for _ in range(30):
        key = rng.choice(ids)
        if rng.random() < 0.3:
            held.pop(key, None)
            graph.remove(key)
        else:
            owners = rng.sample([other for other in ids if other != key], 2)
            uid = key.partition(":")[2]
            shares = [(owner, rng.choice([10, 25, 30, 50, 60])) for owner in owners]
            held[key] = blocked(uid) if key.startswith("ofac:") else company(uid, *shares)
            graph.put(held[key])
        assert {key: graph.owned(key) is not None for key in held if key.startswith("book:")} == _anew(
            held.values()
        )
