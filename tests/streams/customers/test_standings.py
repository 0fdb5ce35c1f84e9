"""What a record changes of how a customer stood before, alert by alert."""

from datetime import UTC, datetime, timedelta

from screening import Designation, Name, NameType, Screener
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.customers.customer import decode_customer
from screening.customers.ruling import rule
from screening.fingerprints import designation_fingerprint
from streams.customers.standings import CLEAR, Standing, Standings, changes, standing_of
from streams.records.customers import customer_alert

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
AMENDED = Designation(VERSOR.id, (*VERSOR.names, Name("Versor Slovakia")))
CUSTOMER = decode_customer("C-1", b'{"name": "Versor s.r.o."}')


def stands(listed: Designation | None, dispositions: Dispositions | None = None) -> Standing:
    screener = Screener()
    if listed:
        screener.upsert(listed)
    decision = rule(CUSTOMER, screener, dispositions, NOW, "list")
    return standing_of(customer_alert(decision, CUSTOMER, NOW))


def false_positive(until: datetime) -> Dispositions:
    (told,) = stands(VERSOR).hits.values()
    known = Dispositions()
    said = (told.party, VERSOR.id, designation_fingerprint(VERSOR), Verdict.FALSE_POSITIVE)
    known.put(Disposition(*said, by="m.novak", reason="another", until=until))
    return known


def what(before: Standing, after: Standing, listed: bool = True) -> list[tuple[str, str]]:
    told = changes(before, after, lambda _: listed, "customer_changed")
    return [(change["state"], change["what"]) for change in told]


def test_an_alert_is_raised_amended_and_delisted_under_one_id() -> None:
    first, amended, gone = stands(VERSOR), stands(AMENDED), stands(None)

    assert first.hits.keys() == amended.hits.keys()
    assert what(CLEAR, first) == [("raised", "raised")]
    assert what(first, amended) == [("superseded", "amended")]
    assert what(amended, gone, listed=False) == [("superseded", "delisted")]
    assert what(first, first) == []


def test_a_false_positive_closes_its_alert_and_its_end_opens_it_again() -> None:
    first = stands(VERSOR)
    silenced = stands(VERSOR, false_positive(NOW + timedelta(days=1)))

    assert (len(silenced.hits), len(silenced.suppressed)) == (0, 1)
    assert what(first, silenced) == [("closed", "false_positive")]
    assert what(silenced, first) == [("updated", "reopened")]


def test_an_alert_whose_customer_changed_is_closed() -> None:
    assert what(stands(VERSOR), CLEAR) == [("closed", "customer_changed")]


def test_customers_are_found_by_designation_and_when_a_disposition_ends() -> None:
    known = Standings()
    known.put("C-1", stands(VERSOR, false_positive(NOW + timedelta(days=1))))

    assert known.on(VERSOR.id) == {"C-1"}
    assert [*known.ended(NOW)] == []
    assert [*known.ended(NOW + timedelta(days=1))] == ["C-1"]
    known.put("C-1", CLEAR)
    assert (len(known), known.on(VERSOR.id)) == (0, frozenset())
